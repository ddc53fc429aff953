# SPDX-License-Identifier: MIT
#
# find_widget.pl ADDRESS ROLE [NAME]: asks the accessibility bus, as a screen reader does, for the
# first visible widget with this role and name, in any program; prints the middle of it on the
# screen, `X Y`. Exit status 1: there is none.
use strict;
use warnings;
use JSON::PP;

my ($address, $role, $name) = @ARGV;
my $atspi = 'org.a11y.atspi';

sub busctl {
	open my $pipe, '-|', 'busctl', "--address=$address", '--json=short', '--timeout=2', @_
		or die;
	local $/;
	my $answer = <$pipe>;
	return close $pipe ? decode_json($answer) : undef;
}

sub is_the_one {
	my ($owner, $path) = @_;
	my $found = busctl('call', $owner, $path, "$atspi.Accessible", 'GetRoleName');
	return 0 unless $found && $found->{data}[0] eq $role;
	return 1 unless defined $name;
	$found = busctl('get-property', $owner, $path, "$atspi.Accessible", 'Name');
	my $wanted = $name;
	utf8::decode($wanted);
	return $found && $found->{data} eq $wanted;
}

sub middle {
	my ($owner, $path) = @_;
	my $box = busctl('call', $owner, $path, "$atspi.Component", 'GetExtents', 'u', 0);
	my ($x, $y, $width, $height) = @{$box->{data}[0]};
	return unless $width > 0 && $height > 0;
	printf "%d %d\n", $x + $width / 2, $y + $height / 2;
	exit 0;
}

sub search {
	my ($owner, $path, $depth) = @_;
	middle($owner, $path) if is_the_one($owner, $path);
	my $children = busctl('call', $owner, $path, "$atspi.Accessible", 'GetChildren');
	return if !$children || $depth > 20;
	search(@$_, $depth + 1) for @{$children->{data}[0]};
}

search("$atspi.Registry", "/org/a11y/atspi/accessible/root", 0);
exit 1;

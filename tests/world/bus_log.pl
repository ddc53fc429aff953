# SPDX-License-Identifier: MIT
# Reads what `busctl monitor --json=short` has written and prints, in order, a line for each thing
# that happened to a bubble:
#
#	notify ID replaces=ID urgency=N value=N timeout=MS actions=KEY:LABEL|… summary=… body=…
#	close ID          the program took it away
#	closed ID REASON  it is gone: 1 expired, 2 the person closed it, 3 taken away
#	action ID KEY     the person chose
#
# A notify's ID is the server's answer; it is ? before there is one.
use strict;
use warnings;
use JSON::PP;

binmode STDOUT, ':utf8';
my $json = JSON::PP->new->utf8;
my (@lines, %asked, %servers);

sub text {
	my ($text) = @_;
	$text =~ s/\\/\\\\/g;
	$text =~ s/\n/\\n/g;
	return $text;
}

sub hint {
	my ($hints, $name) = @_;
	return exists $hints->{$name} ? $hints->{$name}{data} : '-';
}

sub actions {
	my @flat = @_;
	my @pairs;
	push @pairs, shift(@flat) . ':' . text(shift @flat) while @flat;
	return join '|', @pairs;
}

while (my $line = <>) {
	# The last line may be written just now.
	my $message = eval { $json->decode($line) } or next;
	my $member = $message->{member} // '';
	my $data = $message->{payload}{data} // [];

	if ($message->{type} eq 'method_return') {
		my $call = delete $asked{"$message->{destination} $message->{reply_cookie}"};
		$lines[$call] =~ s/\?/$data->[0]/ if defined $call;
		next;
	}
	next if ($message->{interface} // '') ne 'org.freedesktop.Notifications';
	# GNOME's server hands on to the shell, under the same numbers, what it was told.
	$servers{$message->{destination}} = 1 if $member eq 'Notify';
	next if $servers{$message->{sender}} && $message->{type} eq 'method_call';
	if ($message->{type} eq 'method_call' && $member eq 'Notify') {
		my (undef, $replaces, undef, $summary, $body, $actions, $hints, $timeout) = @$data;
		push @lines, sprintf('notify ? replaces=%s urgency=%s value=%s timeout=%s actions=%s '
			. 'summary=%s body=%s', $replaces, hint($hints, 'urgency'),
			hint($hints, 'value'), $timeout, actions(@$actions), text($summary),
			text($body));
		$asked{"$message->{sender} $message->{cookie}"} = $#lines;
	} elsif ($message->{type} eq 'method_call' && $member eq 'CloseNotification') {
		push @lines, "close $data->[0]";
	} elsif ($message->{type} eq 'signal' && $member eq 'NotificationClosed') {
		push @lines, "closed $data->[0] $data->[1]";
	} elsif ($message->{type} eq 'signal' && $member eq 'ActionInvoked') {
		push @lines, "action $data->[0] $data->[1]";
	}
}
print "$_\n" for @lines;

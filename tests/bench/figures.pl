#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# What the raw figures of interleave.c say. The runs of one round belong together: sums, differences
# and ratios are made within each round, and the median of those is what is said, with a 95 % interval
# from the order statistics, which asks nothing of how the figures are distributed.
#
# Tables are Markdown's, to be pasted as they are.
#
#	figures.pl table RAW.json TITLE              a table of all cases
#	figures.pl compare HEADING=[METRIC:]RAW.json...
#	                                             the medians of several, side by side
#	figures.pl bars RAW.json                     for bars.gp: name, median, quartiles
#	figures.pl value RAW.json EXPRESSION         the median, and its interval
#	figures.pl goal NAME LIMIT UNIT RAW.json EXPRESSION [EXPRESSION]
#	                                             a difference or, with two, a ratio: within the limit?
#	figures.pl count NAME LIMIT UNIT VALUE       a figure that is no matter of chance
#	figures.pl goals GOALS.txt                   what the last two have said, as tables: a goal's name
#	                                             is 'TABLE: ROW' or 'TABLE, COLUMN: ROW'
#
# An expression is names of cases with + and - between them, blanks around, such as
# 'certrenew - permit'; a name's own blanks are written as '_'. 'cpu:NAME' and 'rss:NAME' are the
# processor's time and the memory.
use strict;
use warnings;
use JSON::PP;

my %metrics = (wall => 'wall_ms', cpu => 'cpu_ms', rss => 'rss_kib');

sub read_raw {
	my ($path) = @_;
	open(my $file, '<', $path) or die "$path: $!\n";
	local $/;
	return decode_json(<$file>);
}

sub runs_of {
	my ($raw, $what) = @_;
	my ($metric, $name) = $what =~ /^(wall|cpu|rss):(.*)$/ ? ($1, $2) : ('wall', $what);
	for my $case (@{$raw->{cases}}) {
		return $case->{$metrics{$metric}} if $case->{name} =~ tr/ /_/r eq $name =~ tr/ /_/r;
	}
	die "no case $name\n";
}

# One value for each round.
sub evaluate {
	my ($raw, $expression) = @_;
	my ($sign, @sums) = (1, (0) x $raw->{rounds});
	for my $word (split ' ', $expression) {
		if ($word eq '+' or $word eq '-') {
			$sign = $word eq '+' ? 1 : -1;
			next;
		}
		my $runs = runs_of($raw, $word);
		$sums[$_] += $sign * $runs->[$_] for 0 .. $#sums;
	}
	return @sums;
}

sub quantile {
	my ($part, @sorted) = @_;
	my $place = $part * $#sorted;
	my $low = int($place);
	my $high = $low < $#sorted ? $low + 1 : $low;
	return $sorted[$low] + ($place - $low) * ($sorted[$high] - $sorted[$low]);
}

# The median lies between the k-th lowest and the k-th highest of n with probability
# 1 - 2 P(Binomial(n, 1/2) < k): the largest k with which that is 95 % at least.
sub interval {
	my @sorted = sort { $a <=> $b } @_;
	my $n = @sorted;
	my ($below, $term, $k) = (0, 0.5**$n, 0);
	while ($below + $term <= 0.025) {
		$below += $term;
		$k++;
		$term *= ($n - $k + 1) / $k;
	}
	die "too few rounds\n" if $k == 0;
	return (quantile(0.5, @sorted), $sorted[$k - 1], $sorted[$n - $k]);
}

sub ratios {
	my ($raw, $over, $under) = @_;
	my @values = evaluate($raw, $over);
	return @values unless defined $under;
	my @by = evaluate($raw, $under);
	return map { $values[$_] / $by[$_] } 0 .. $#values;
}

sub say_goal {
	my ($name, $value, $limit, $unit, $held) = @_;
	$unit = " $unit" if $unit ne '';
	printf("goal %s: %s, limit %s%s: %s\n", $name, $value, $limit, $unit, $held ? 'held' : 'missed');
}

sub goal {
	my ($name, $limit, $unit, $path, @expressions) = @_;
	my ($median, $low, $high) = interval(ratios(read_raw($path), @expressions));
	my $after = $unit eq '' ? '' : " $unit";
	say_goal($name, sprintf('%.2f%s (%.2f to %.2f)', $median, $after, $low, $high),
		$limit, $unit, $low <= $limit);
}

sub row {
	print '| ', join(' | ', @_), " |\n";
}

sub head {
	row(@_);
	print '|---|', '--:|' x $#_, "\n";
}

sub median {
	my ($case, $metric) = @_;
	return quantile(0.5, sort { $a <=> $b } @{$case->{$metrics{$metric}}});
}

# The stages of a login are timed in one process: no processor's time, no memory.
sub table {
	my ($path, $title) = @_;
	my $raw = read_raw($path);
	my @cases = @{$raw->{cases}};
	my $whole = exists $cases[0]{cpu_ms};
	print "$title, medians of $raw->{rounds} in turns";
	printf(" (%s, %d processors, %s, load %.1f)", substr($raw->{date}, 0, 10), $raw->{processors},
		$raw->{processor}, $raw->{load}) if exists $raw->{date};
	print "\n\n";
	head('', 'ms', 'half of them within', $whole ? ('CPU, ms', 'peak RSS, KiB') : ());
	for my $case (@cases) {
		my @wall = sort { $a <=> $b } @{$case->{wall_ms}};
		row($case->{name}, sprintf('%.2f', quantile(0.5, @wall)),
			sprintf('%.2f to %.2f', quantile(0.25, @wall), quantile(0.75, @wall)),
			$whole ? (sprintf('%.2f', median($case, 'cpu')), sprintf('%.0f', median($case, 'rss'))) : ());
	}
	print "\n";
}

# A row for each case, in the order of whichever file has the most of them.
sub compare {
	my (@headings, @names, %cells);
	for my $column (0 .. $#_) {
		my ($heading, $metric, $path) = $_[$column] =~ /^(.*)=(?:(cpu|rss):)?([^=]*)$/
			or die "figures.pl: no column: $_[$column]\n";
		my @cases = @{read_raw($path)->{cases}};
		push @headings, $heading;
		@names = map { $_->{name} } @cases if @cases > @names;
		for my $case (@cases) {
			$cells{$case->{name}}[$column] =
				sprintf(($metric // '') eq 'rss' ? '%.0f' : '%.1f', median($case, $metric // 'wall'));
		}
	}
	head('', @headings);
	for my $name (@names) {
		row($name, map { $cells{$name}[$_] // '' } 0 .. $#headings);
	}
	print "\n";
}

# The limits of a row, where its columns do not have the same, are in their order.
sub goals {
	my ($path) = @_;
	my (@tables, %tables);
	open(my $file, '<', $path) or die "$path: $!\n";
	while (<$file>) {
		my ($name, $value, $limit, $verdict) = /^goal (.*): (.*), limit (.*): (held|missed)$/ or next;
		my ($where, $what) = $name =~ /^(.*?): (.*)$/ or die "figures.pl: no 'TABLE: ROW': $name\n";
		my ($title, $column) = split(/, /, $where, 2);
		push @tables, $title unless exists $tables{$title};
		my $table = $tables{$title} //= {rows => [], columns => [], cells => {}, limits => {}};
		$column //= 'measured';
		push @{$table->{columns}}, $column unless grep { $_ eq $column } @{$table->{columns}};
		push @{$table->{rows}}, $what unless exists $table->{cells}{$what};
		$table->{cells}{$what}{$column} = "$value " . ($verdict eq 'held' ? 'held' : '**missed**');
		push @{$table->{limits}{$what}}, $limit unless grep { $_ eq $limit } @{$table->{limits}{$what}};
	}
	for my $title (@tables) {
		my $table = $tables{$title};
		head($title, 'limit', @{$table->{columns}});
		for my $what (@{$table->{rows}}) {
			row($what, join(' or ', @{$table->{limits}{$what}}),
				map { $table->{cells}{$what}{$_} // '' } @{$table->{columns}});
		}
		print "\n";
	}
}

sub bars {
	my ($path) = @_;
	for my $case (@{read_raw($path)->{cases}}) {
		my @wall = sort { $a <=> $b } @{$case->{wall_ms}};
		printf("\"%s\" %.3f %.3f %.3f\n", $case->{name}, quantile(0.5, @wall),
			quantile(0.25, @wall), quantile(0.75, @wall));
	}
}

my $what = shift // '';
if ($what eq 'table') {
	table(@ARGV);
} elsif ($what eq 'compare') {
	compare(@ARGV);
} elsif ($what eq 'goals') {
	goals(@ARGV);
} elsif ($what eq 'bars') {
	bars(@ARGV);
} elsif ($what eq 'value') {
	printf("%.2f %.2f %.2f\n", interval(ratios(read_raw($ARGV[0]), @ARGV[1 .. $#ARGV])));
} elsif ($what eq 'goal') {
	goal(@ARGV);
} elsif ($what eq 'count') {
	my ($name, $limit, $unit, $value) = @ARGV;
	say_goal($name, $unit eq '' ? $value : "$value $unit", $limit, $unit, $value <= $limit);
} else {
	die "figures.pl: see the comment at its top\n";
}

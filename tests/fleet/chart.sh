# SPDX-License-Identifier: MIT
# chart.sh FOLDER: draws FOLDER/fleet.png of what `simulate` left there: the RA's load, day by day and
# in the fullest morning, without and with spreading.
set -eu
cd "$1"
gnuplot <<'PLOT'
set terminal pngcairo size 960,640 font "DejaVu Sans,10" background "#ffffff"
set output "fleet.png"
set multiplot layout 2,1
set style data boxes
set style fill solid 0.75 noborder
set grid ytics lc rgb "#dddddd"
set border 3
set tics nomirror
set key top right
set title "100,000 cards that end in the same fortnight: renewals asked for, each day"
set xlabel "day; 0 is a Monday, the certificates end on days 49 to 60"
set xtics 7
set yrange [0:*]
set xrange [0:62]
set boxwidth 0.42
plot "days-without" using ($1-0.21):2 title "window = 45d, spread = 0 (refused and asked again)" lc rgb "#c0504d", \
     "days-spread" using ($1+0.21):2 title "window = 45d, spread = 28d" lc rgb "#1f6f8b"
set title "the fullest morning, each minute; the RA takes 120"
set xlabel "people sign in between 8:00 and 9:30"
set xdata time
set timefmt "%s"
set format x "%H:%M"
set xtics 1800
set xrange ["28800":"43200"]
set style data lines
plot "minutes-without" using 1:2 title "spread = 0" lw 1.5 lc rgb "#c0504d", \
     "minutes-spread" using 1:2 title "spread = 28d" lw 1.5 lc rgb "#1f6f8b", \
     120 title "what the RA takes" dt 2 lc rgb "#555555"
unset multiplot
PLOT

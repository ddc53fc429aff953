# SPDX-License-Identifier: MIT
# gnuplot -e "data='x.dat'; picture='x.png'; heading='...'" bars.gp: a bar for each contender, the
# first on top; the lines show within what half of the runs lay.
stats data using 2 nooutput
set terminal pngcairo noenhanced size 900, 90 + 26 * STATS_records font "DejaVu Sans,11"
set output picture
set title heading
set xlabel "ms, median; the line spans half of the runs"
set xrange [0:*]
set yrange [-STATS_records + 0.4:0.6]
set style fill solid 0.7 noborder
set grid xtics
set tics nomirror
set border 3
unset key
half = 0.36
plot data using (0.0):(-$0):(0.0):2:(-$0 - half):(-$0 + half):ytic(1) with boxxyerror lc rgb "#3465a4", \
	data using 2:(-$0):3:4 with xerrorbars pt 0 lc rgb "#2e3436", \
	data using 4:(-$0):(sprintf("  %.1f", $2)) with labels left

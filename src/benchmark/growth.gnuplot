# gnuplot src/benchmark/growth.gnuplot: draws docs/growth/*.tsv, which src/benchmark/run Growth writes
set terminal svg size 560,300 font "sans-serif,11" background "white" noenhanced
set key outside top center horizontal autotitle columnheader
set logscale x
set yrange [0:*]
set grid ytics
set ylabel "CPU per answer, µs"
set style data linespoints

set output "docs/growth/connections.svg"
set xlabel "connections"
plot "docs/growth/connections.tsv" using 1:2, "" using 1:3

set output "docs/growth/lengths.svg"
set xlabel "characters of the token"
plot "docs/growth/lengths.tsv" using 1:2, "" using 1:3

set output "docs/growth/entries.svg"
set xlabel "entries, asked for in turn"
set y2label "bytes of heap per entry"
set y2range [0:*]
set y2tics
plot "docs/growth/entries.tsv" using 1:2, "" using 1:3 axes x1y2

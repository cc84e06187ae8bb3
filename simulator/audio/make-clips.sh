#!/bin/sh
# Makes the callers' clips: 8 kHz, mono, 16 bit, peak -3 dBFS, silence at both ends cut off.
#   make-clips.sh [folder]   folder: the test clips of vosk-demo-fr, for the tel-*.wav (left alone without it)
# Needs espeak-ng and sox.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# usage: finish <in> <out> <silence threshold, % of full scale>
finish() {
  sox -D "$1" -r 8000 -c 1 -b 16 "$work/flat.wav" gain -n -3
  sox -D "$work/flat.wav" "$2" silence 1 0.01 "$3%" reverse silence 1 0.01 "$3%" reverse pad 0.03 0.03
}

printf 'file\ttranscript\n' > "$work/transcripts.tsv"
tail -n +2 clips.tsv | while IFS='	' read -r file voice speed pitch text; do
  espeak-ng -v "$voice" -s "$speed" -p "$pitch" -w "$work/raw.wav" "$text"
  finish "$work/raw.wav" "$file" 0.8
  printf '%s\t%s\n' "$file" "$text" >> "$work/transcripts.tsv"
done

sox -D -n -r 8000 -c 1 -b 16 beep.wav synth 0.8 sine 1000 gain -9
printf 'beep.wav\t\n' >> "$work/transcripts.tsv"

if [ $# -gt 0 ]; then
  for name in affirm-03 deny-03 objection-02 objection-05 opt_out-02 question-03 machine-02; do
    finish "$1/$name.wav" "tel-$name.wav" 4
  done
  for name in noise-01 noise-02; do sox -D "$1/$name.wav" "tel-$name.wav"; done
fi
for file in tel-*.wav; do
  [ -n "${1:-}" ] && text=$(awk -F '\t' -v f="${file#tel-}" '$1 == f { print $2 }' "$1/transcripts.tsv") ||
    text=$(awk -F '\t' -v f="$file" '$1 == f { print $2 }' transcripts.tsv)
  printf '%s\t%s\n' "$file" "$text" >> "$work/transcripts.tsv"
done
mv "$work/transcripts.tsv" transcripts.tsv
chmod 644 transcripts.tsv

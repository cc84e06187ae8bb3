#!/bin/sh
# Makes the recordings of `npm run eval -- amd --file test/corpus/amd-audio/scored` (and dev): greetings.tsv spoken by
# espeak-ng, through a telephone's band, at several levels, with line noise and µ-law, cut off after 4.2 s.
# In a text `@700` is a pause of 700 ms, `=beep` and `=fax` are tones. Needs espeak-ng and sox.
#   make-audio.sh
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# usage: piece <voice> <speed> <pitch> <text>: adds it to what is in $work/said.wav
piece() {
  case $4 in
    @*) sox -D -n -r 8000 -c 1 -b 16 "$work/piece.wav" trim 0 "$(printf '%s' "${4#@}" | awk '{ print $1 / 1000 }')" ;;
    =beep) sox -D -n -r 8000 -c 1 -b 16 "$work/piece.wav" synth 0.5 sine 1000 gain -6 pad 0 0.4 ;;
    =fax) sox -D -n -r 8000 -c 1 -b 16 "$work/piece.wav" synth 3 sine 2100 gain -6 ;;
    *)
      espeak-ng -v "$1" -s "$2" -p "$3" -w "$work/raw.wav" "$4"
      sox -D "$work/raw.wav" -r 8000 -c 1 -b 16 "$work/piece.wav" highpass 300 lowpass 3400 gain -n -3 \
        silence 1 0.01 0.8% reverse silence 1 0.01 0.8% reverse pad 0.03 0.03
      ;;
  esac
  if [ -f "$work/said.wav" ]; then
    sox -D "$work/said.wav" "$work/piece.wav" "$work/more.wav" && mv "$work/more.wav" "$work/said.wav"
  else
    mv "$work/piece.wav" "$work/said.wav"
  fi
}

# usage: line <lead, s> <level, dB> <noise, dB> <out>: what comes through the line after the answer
line() {
  sox -D "$work/said.wav" "$work/lead.wav" pad "$1" 1.2 gain "$2" trim 0 4.2
  seconds=$(sox --i -D "$work/lead.wav")
  # -R: the same noise each time.
  sox -R -D -n -r 8000 -c 1 -b 16 "$work/noise.wav" synth "$seconds" pinknoise gain "$3"
  sox -D -m -v 1 "$work/lead.wav" -v 1 "$work/noise.wav" -e mu-law -b 8 "$4"
}

for part in dev scored; do
  mkdir -p "$part"
  rm -f "$part"/*.wav
  printf 'file\tlabel\ttext\n' > "$part/labels.tsv"
done
tail -n +2 greetings.tsv | while IFS='	' read -r part id label text; do
  case $part in
    dev) voices='fr+m7:150:40:0.3:-6:-55 fr+aunty:140:55:0.8:-16:-48' ;;
    scored) voices='fr+f5:155:55:0.2:-4:-60 fr+Denis:160:40:0.9:-15:-50' ;;
  esac
  for settings in $voices; do
    IFS=: read -r voice speed pitch lead level noise <<SETTINGS
$settings
SETTINGS
    rm -f "$work/said.wav"
    rest=$text
    spoken=
    for word in $rest; do
      case $word in
        @* | =*)
          [ -z "$spoken" ] || piece "$voice" "$speed" "$pitch" "$spoken"
          spoken=
          piece "$voice" "$speed" "$pitch" "$word"
          ;;
        *) spoken="${spoken:+$spoken }$word" ;;
      esac
    done
    [ -z "$spoken" ] || piece "$voice" "$speed" "$pitch" "$spoken"
    name="$id-${voice#fr?}.wav"
    line "$lead" "$level" "$noise" "$part/$name"
    printf '%s\t%s\t%s\n' "$name" "$label" "$(printf '%s' "$text" | sed -E 's/ ?[@=][a-z0-9]+ ?/ /g; s/^ | $//g')" >> "$part/labels.tsv"
  done
done

#!/bin/sh
# Rebuild the demo model from nothing.  About 25-40 minutes on two cores, 6 GB of memory.
#
#   Debian packages: espeak-ng libespeak-ng1 python3-numpy python3-scipy python3-torch libopenblas0-pthread
#   For the evaluation steps: LIBVOSK = path of libvosk.so (it ships inside the npm package "vosk" 0.3.39,
#   lib/linux-x86_64/libvosk.so).
#
#   ./build.sh [work folder] [model folder]
#   UTTS, EPOCHS, WIDTH, PROCS, THREADS can be set in the environment.
set -eu
cd "$(dirname "$0")"
WORK=${1:-${TMPDIR:-/tmp}/vosk-demo-work}
OUT=${2:-../model}
PY=${PYTHON:-/usr/bin/python3}
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1

$PY corpus.py                                   # sizes of the sentence list and vocabulary
$PY data.py "$WORK" "${UTTS:-36000}"            # synthesise, collect pronunciations, make dev and test sets
EPOCHS=${EPOCHS:-7} $PY -u train_am.py "$WORK"  # acoustic model
$PY build_model.py "$WORK" "$OUT"               # network + graph -> model directory
$PY make_clips.py ../../../test/fixtures/clips

if [ -n "${LIBVOSK:-}" ]; then
  for rate in 8000 16000; do
    echo "== test set at $rate Hz"
    $PY evaluate.py "$OUT" "$WORK/test.pkl" --rate $rate
    $PY check_stream.py "$OUT" ../../../test/fixtures/clips $rate | tail -1
  done
  $PY check_plain.py "$OUT"
else
  echo "LIBVOSK not set: evaluation skipped"
fi

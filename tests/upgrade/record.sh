#!/bin/sh
# How the data directories beside this file were made, once, by the releases themselves:
#
#     sh tests/upgrade/record.sh 0.1 07aace3
#     sh tests/upgrade/record.sh 0.2 ed6f56d
#
# Takes the release at that commit from the history, installs it into an environment of its own, and plays.
# What came of it is never made anew: ids, secrets and times would be others.
set -eu
release=$1 commit=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git -C "$here/../.." archive "$commit" | tar x -C "$work"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "$work"
milena="$work/venv/bin/milena"
export MILENA_DATA="$work/data"

play() { # play "MOVES" ARGUMENTS...
    moves=$1 && shift
    printf '%s\n' $moves | "$milena" play "$@" --moves -
}

play "5 1 3 7 4 2 6" tictactoe ann bob
play "rock paper rock paper" rock-paper-scissors ann bob
play "e t a o resign" hangman cleo
play "up left up left" 2048 ann
play "1 2 3" tictactoe bob cleo
if [ "$release" != 0.1 ]; then
    play "4 4 3 takeback accept 3 1 2 1 1" connect4 ann bob --clock 1h/turn
    play "draw accept" othello ann cleo
    play "" battleship ann bob
    "$milena" call match game=tictactoe --as dora
    "$milena" call open game=connect4 --as bob
fi
mkdir "$here/$release"
cp "$MILENA_DATA/events.db" "$MILENA_DATA/vault.db" "$MILENA_DATA/head.json" "$here/$release/"
"$milena" verify

# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# shellcheck shell=sh
# What run and run-afl share.
here=$(cd "$(dirname "$0")" && pwd)

# Sets sanitize, build and seconds; and targets, empty for all.
# shellcheck disable=SC2034 # others use them
take_arguments()
{
	sanitize=ON
	if [ "${1-}" = --memory ]; then
		sanitize=memory
		shift
	fi
	if [ $# -lt 2 ]; then
		sed -n 's/^# usage: /usage: /p' "$0" >&2
		exit 2
	fi
	mkdir -p "$1"
	build=$(cd "$1" && pwd)
	seconds=$2
	shift 2
	targets=$*
}

# configure DIRECTORY COMPILER OPTION...
configure()
{
	dir=$1
	compiler=$2
	shift 2
	cmake -G Ninja -S "$here/../.." -B "$dir" -DCMAKE_C_COMPILER="$compiler" \
		-DLUSER_BUILD_TESTS=ON -DLUSER_WERROR=ON "$@" >&2
}

# build_targets DIRECTORY COMPILER: the targets in it, and below, in plain,
# their mutators and what needs no fuzzer. CMake lists the seeds of each target.
build_targets()
{
	configure "$1" "$2" -DLUSER_FUZZ=ON -DLUSER_SANITIZE="$sanitize"
	configure "$1/plain" cc
	if [ -z "$targets" ]; then
		targets=$(cd "$1/plain/tests/fuzz/corpus" && echo ./*.txt |
			sed 's|\./||g; s|\.txt||g')
		[ "$sanitize" = ON ] ||
			targets=$(echo "$targets" | sed 's/ file / /')
	fi
	# shellcheck disable=SC2046,SC2086 # lists of names
	cmake --build "$1" -- --quiet $(printf 'fuzz_%s ' $targets) >&2
	cmake --build "$1/plain" -- --quiet fuzz_corpus fuzz_mutators reached >&2
}

# copy_seeds DIRECTORY TARGET BYTES: seeds of at most that size, and past
# failures
copy_seeds()
{
	rm -rf "$1/seeds/$2"
	mkdir -p "$1/seeds/$2"
	while read -r seed; do
		if [ "$(wc -c <"$seed")" -le "$3" ]; then
			cp "$seed" "$1/seeds/$2/"
		fi
	done <"$1/plain/tests/fuzz/corpus/$2.txt"
	if [ -d "$here/past/$2" ]; then
		cp "$here/past/$2"/* "$1/seeds/$2/"
	fi
}

# Where memory was allocated takes long to say each time, and whoever runs one
# input again is told. What is freed is kept back for as long as an input takes.
export ASAN_OPTIONS="malloc_context_size=0:quarantine_size_mb=16:\
${ASAN_OPTIONS-}"

# fuzz DIRECTORY TARGET FOUND OPTION...: libFuzzer, with what all runs of it share
fuzz()
{
	dir=$1
	name=$2
	kept=$3
	shift 3
	"$dir/tests/fuzz/fuzz_$name" -max_len=4194304 -print_final_stats=1 \
		-dict="$dir/gen/fuzz/luser.dict" -artifact_prefix="$kept-" "$@" \
		"$kept" "$dir/seeds/$name"
}

# tell_reached DIRECTORY TARGET INPUTS: what the walk says of handovers
tell_reached()
{
	[ -e "$1/plain/tests/fuzz/libmutate_$2.so" ] || return 0
	find "$3" -maxdepth 1 -type f -print0 |
		xargs -0 "$1/plain/tests/fuzz/reached"
}

# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# shellcheck shell=sh
# What demo, check and check-kernel share. They are run from the top.

# step WHAT COMMAND...: one line on stderr, and the command's output if it fails
step()
{
	printf '%-44s' "$1" >&2
	shift
	begin=$(date +%s)
	mkdir -p build
	if "$@" >build/step.log 2>&1; then
		printf ' %4d s\n' $(($(date +%s) - begin)) >&2
		return
	fi
	printf ' failed: %s\n' "$*" >&2
	cat build/step.log >&2
	exit 1
}

# build WHAT DIRECTORY OPTION...: configure and build, with the options of cmake
build()
{
	what=$1
	dir=$2
	shift 2
	step "configuring $what" cmake -G Ninja -B "$dir" "$@"
	step "building $what" cmake --build "$dir" -- --quiet
}

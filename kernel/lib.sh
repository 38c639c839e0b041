# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# shellcheck shell=sh
# The series, for the commands beside this file. They set $here.

# refuse WHY: say it, and end
refuse()
{
	echo "kernel/${0##*/}: $1" >&2
	exit 2
}

# commits: the series' commits in order
commits()
{
	sed -n '/^[^#[:space:]]/p' "$here/series"
}

# new_files COMMIT: the files that are new in a commit, or in any if it is empty
new_files()
{
	awk -v commit="$1" '
		/^#/ || /^$/ { next }
		/^[^\t]/ { on = commit == "" || $0 == commit; next }
		on { print $1 }' "$here/series"
}

# changed: the tree's own files that the series changes
changed()
{
	commits | while read -r commit; do
		sed -n 's,^+++ b/,,p' "$here/patches/$commit.patch"
	done | sort -u
}

# fits DIRECTORY COMMIT [OPTION]: apply a commit's patch to files
fits()
{
	(cd "$1" && GIT_CEILING_DIRECTORIES=$(dirname "$1") \
		git apply --allow-empty ${3:+"$3"} \
		"$here/patches/$2.patch" 2>/dev/null)
}

# copy TREE DIRECTORY: the tree's own files that the series changes
copy()
{
	mkdir -p "$2"
	changed | while read -r name; do
		[ -f "$1/$name" ] || refuse "$1 has no $name"
		mkdir -p "$2/$(dirname "$name")"
		cp "$1/$name" "$2/$name"
	done
}

# undo DIRECTORY: make these files what they are without the series
#
# Succeeds if they had it, and leaves them alone if they did not.
undo()
{
	cp -r "$1" "$1.undone"
	for commit in $(commits | tac); do
		if ! fits "$1.undone" "$commit" --reverse; then
			rm -r "$1.undone"
			return 1
		fi
	done
	rm -r "$1"
	mv "$1.undone" "$1"
}

# after DIRECTORY: apply all patches
after()
{
	commits | while read -r commit; do
		fits "$1" "$commit" || refuse "$commit.patch does not fit"
	done
}

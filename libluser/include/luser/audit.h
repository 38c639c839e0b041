/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Is a handover consistent as a whole?
 *
 * A walk checks one object after the other. What only a view of all of them can
 * say is said here: whose the preserved memory is. The audit is a visitor of a
 * walk. It gathers which memory each object has, and compares it in the end
 * with the map of preserved memory, with the scratch areas and with the
 * machine's memory.
 *
 * Everything that is found, by the walk or by the audit, belongs to a named
 * check. Those who call decide which of them count.
 *
 * It needs memory for the objects that have some: 48 bytes for each stretch
 * that one object, or records in a row, have without a gap, 24 for each run of
 * pages that page tables map, 32 for each reference to them, and the texts that
 * their paths consist of. Where some overlap it is 56 in place of 48.
 */
#ifndef LUSER_AUDIT_H
#define LUSER_AUDIT_H

#include <luser/walk.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct luser_check - a kind of things that may be wrong
 * @name:  short, unique
 * @group: of checks that are alike
 * @doc:   what is checked, one sentence
 * @rules: of findings that belong to it, ended by NULL; or NULL: those of the
 *         schemas that name it
 */
struct luser_check {
	const char *name;
	const char *group;
	const char *doc;
	const char *const *rules;
};

/**
 * luser_checks() - all checks
 * @count: how many
 *
 * Return: the checks; those of a group follow each other.
 */
const struct luser_check *luser_checks(size_t *count);

/**
 * luser_check_of() - the check that a finding belongs to
 * @finding: of a walk
 *
 * Return: a check, never NULL.
 */
const struct luser_check *luser_check_of(const struct luser_finding *finding);

/**
 * struct luser_audit_finding - something to tell, or what cannot be told
 * @check:   what it belongs to
 * @skipped: nothing is known to be wrong: the check could not be done
 * @path:    of the object
 * @finding: its node is NULL: the object is gone when the audit is finished
 */
struct luser_audit_finding {
	const struct luser_check *check;
	bool skipped;
	const char *path;
	const struct luser_finding *finding;
};

/**
 * typedef luser_audit_report - told of what is found; lives during the call
 */
typedef void luser_audit_report(void *ctx,
				const struct luser_audit_finding *found);

/**
 * struct luser_audit_sums - what the audit comes to, in bytes of whole pages;
 * UINT64_MAX stands for 2^64
 * @preserved: in the map of preserved memory
 * @owned:     of that, what some object has
 * @leaked:    the rest
 * @leaks:     ranges that are leaked
 */
struct luser_audit_sums {
	uint64_t preserved;
	uint64_t owned;
	uint64_t leaked;
	uint64_t leaks;
};

struct luser_audit;

/**
 * luser_audit_new() - begin to audit one handover
 * @mem:    its memory, or NULL
 * @root:   where the walk will start; @mem and @root must outlive the audit
 * @report: told of what is found
 * @ctx:    handed to @report
 * @ret:    to be given to luser_audit_free()
 *
 * Return: LUSER_OK, LUSER_NOMEM.
 */
enum luser_code luser_audit_new(struct luser_mem *mem,
				const struct luser_root *root,
				luser_audit_report *report, void *ctx,
				struct luser_audit **ret);

/**
 * luser_audit_visitor() - the visitor to give to luser_walk()
 *
 * Its context is the audit. A caller that has a visitor of its own calls from
 * there all functions that this one has, and skips no object.
 */
const struct luser_visitor *luser_audit_visitor(void);

/**
 * luser_audit_finish() - after the walk: compare
 * @audit: an audit, once
 * @sums:  receives what it comes to; zeros if there is no map
 * @err:   may be NULL
 *
 * Return: LUSER_OK, LUSER_NOMEM.
 */
enum luser_code luser_audit_finish(struct luser_audit *audit,
				   struct luser_audit_sums *sums,
				   struct luser_error *err);

/**
 * luser_audit_owner() - whose some memory is
 * @audit: finished
 * @phys:  an address
 * @range: receives the memory around it that has the same owner; may be NULL
 * @buf:   receives the owner's path, NUL-terminated, cut to fit
 * @len:   size of @buf
 *
 * Return: true if it is somebody's.
 */
bool luser_audit_owner(const struct luser_audit *audit, uint64_t phys,
		       struct luser_range *range, char *buf, size_t len);

/**
 * luser_audit_free() - release an audit
 * @audit: may be NULL
 */
void luser_audit_free(struct luser_audit *audit);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_AUDIT_H */

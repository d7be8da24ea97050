# SPDX-License-Identifier: GPL-2.0-only
# Kaplan-Meier estimates and log-rank tests by R's survival, for scripts/lib/exposure/survival.py.
# usage: Rscript survival.R TRIALS.csv REFERENCE; prints lines of fields, with tabs between them.
suppressPackageStartupMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
trials <- read.csv(arguments[1], stringsAsFactors = FALSE, na.strings = "")
reference <- arguments[2]

say <- function(...) cat(paste(..., sep = "\t"), "\n", sep = "")
# the mutants together are one more
every <- unique(trials$mutant)
of <- function(mutant) if (mutant == "*") trials else trials[trials$mutant == mutant, ]

# A test needs two groups and a detection; what survival cannot compute is NA, too.
logrank <- function(d, stratified) {
	if (length(unique(d$engine)) < 2 || sum(d$detected) == 0)
		return(NULL)
	formula <- if (stratified && length(unique(d$mutant)) > 1)
		Surv(time, detected) ~ engine + strata(mutant) else Surv(time, detected) ~ engine
	tryCatch(survdiff(formula, data = d), error = function(e) NULL)
}
p_of <- function(test) {
	if (is.null(test))
		return(NA)
	expected <- if (is.matrix(test$exp)) rowSums(test$exp) else test$exp
	pchisq(test$chisq, sum(expected > 0) - 1, lower.tail = FALSE)
}
# The rate of detections by that of the first group: observed by expected of each.
ratio_of <- function(test) {
	if (is.null(test))
		return(NA)
	rows <- function(x) if (is.matrix(x)) rowSums(x) else x
	rate <- rows(test$obs) / rows(test$exp)
	rate[2] / rate[1]
}

estimate <- function(scale, mutant, engine, d) {
	fit <- survfit(Surv(time, detected) ~ 1, data = d, conf.type = "log-log")
	median <- summary(fit)$table[c("median", "0.95LCL", "0.95UCL")]
	say("median", scale, mutant, engine, nrow(d), sum(d$detected), median[1], median[2], median[3])
	say("curve", scale, mutant, engine, 0, 1)
	for (i in seq_along(fit$time))
		say("curve", scale, mutant, engine, fit$time[i], fit$surv[i])
}

for (scale in c("cpu_seconds", "schedules")) {
	trials$time <- as.numeric(trials[[scale]])
	for (mutant in c("*", every)) {
		d <- of(mutant)
		d <- d[!is.na(d$time), ]
		if (nrow(d) == 0)
			next
		for (engine in unique(d$engine))
			estimate(scale, mutant, engine, d[d$engine == engine, ])
		say("p", scale, mutant, "", p_of(logrank(d, mutant == "*")), NA)
		others <- setdiff(unique(d$engine), reference)
		if (!(reference %in% d$engine))
			next
		tests <- lapply(others, function(other) {
			pair <- d[d$engine %in% c(reference, other), ]
			pair$engine <- factor(pair$engine, levels = c(reference, other))
			logrank(pair, mutant == "*")
		})
		adjusted <- p.adjust(vapply(tests, p_of, 0), "holm")
		for (i in seq_along(others))
			say("p", scale, mutant, others[i], adjusted[i], ratio_of(tests[[i]]))
	}
}

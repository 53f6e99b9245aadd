// The tracepoint that the hook's cost is compared with: two integers. Included several times by LTTng's own headers, hence
// the guard of its form instead of a pragma.
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER heddle_bench

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "tests/bench/hook_bench_tracepoint.h"

#if !defined(HEDDLE_BENCH_TRACEPOINT_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define HEDDLE_BENCH_TRACEPOINT_H

#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_EVENT(heddle_bench, two_integers, LTTNG_UST_TP_ARGS(unsigned long, address, unsigned long, value),
                           LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(unsigned long, address, address)
                                                   lttng_ust_field_integer(unsigned long, value, value)))

#endif

#include <lttng/tracepoint-event.h>

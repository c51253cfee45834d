// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/prometheus.hpp>
#include <charconv>
#include <ostream>
#include <string>
#include <string_view>

namespace boost_selectors {
namespace {

using sources = std::vector<named_statistics>;

class writer {
public:
    explicit writer(sources const& contexts)
        : contexts_(contexts) {}

    std::string const& text() const noexcept { return text_; }

    template <class F>
    void counter(std::string_view name, std::string_view help, F value) {
        describe(name, help, "counter");
        for (named_statistics const& c : contexts_)
            sample(name, "", c, "", value(c.statistics));
    }

    template <class F>
    void gauge(std::string_view name, std::string_view help, F value) {
        describe(name, help, "gauge");
        for (named_statistics const& c : contexts_)
            sample(name, "", c, "", value(c.statistics));
    }

    /// @param scale of one in the unit of the name.
    /// @param first_power of two, whose values are in the second bucket; each further one ends at a
    ///     value that is larger by a factor of 2^step.
    void distribution(std::string_view name, std::string_view help,
        histogram context_statistics::*member, double scale, unsigned first_power,
        unsigned last_power, unsigned step) {
        describe(name, help, "histogram");
        for (named_statistics const& c : contexts_) {
            histogram const& h = c.statistics.*member;
            for (unsigned power = first_power; power <= last_power; power += step) {
                // Bounds belong to their bucket, and all values are whole numbers.
                double const bound = static_cast<double>((std::uint64_t{1} << power) - 1) * scale;
                sample(name, "_bucket", c, digits_of(bound), h.count_below_power(power));
            }
            sample(name, "_bucket", c, "+Inf", h.count());
            sample(name, "_sum", c, "", static_cast<double>(h.sum()) * scale);
            sample(name, "_count", c, "", h.count());
        }
    }

private:
    template <class Number>
    static std::string digits_of(Number n) {
        char digits[40];
        auto const end = std::to_chars(digits, digits + sizeof(digits), n).ptr;
        return {digits, end};
    }

    template <class... Parts>
    void append(Parts const&... parts) {
        (text_.append(parts), ...);
    }

    void describe(std::string_view name, std::string_view help, std::string_view type) {
        append("# HELP boost_selectors_", name, " ", help, "\n");
        append("# TYPE boost_selectors_", name, " ", type, "\n");
    }

    void label(std::string_view name, std::string_view value) {
        append(name, "=\"");
        for (char const c : value) {
            if (c == '\\' || c == '"')
                text_ += '\\';
            if (c == '\n')
                text_ += "\\n";
            else
                text_ += c;
        }
        text_ += '"';
    }

    template <class Number>
    void sample(std::string_view name, std::string_view part, named_statistics const& of,
        std::string_view bound, Number value) {
        append("boost_selectors_", name, part, "{");
        label("context", of.context);
        text_ += ',';
        label("backend", of.backend);
        if (!bound.empty()) {
            text_ += ',';
            label("le", bound);
        }
        append("} ", digits_of(value), "\n");
    }

    sources const& contexts_;
    std::string text_;
};

double seconds(std::chrono::nanoseconds t) {
    return std::chrono::duration<double>(t).count();
}

} // namespace

void write_prometheus(std::ostream& out, sources const& contexts) {
    using statistics = context_statistics;
    writer w(contexts);
    w.counter(
        "waits_total", "Waits that may have blocked.", [](statistics const& s) { return s.waits; });
    w.counter(
        "polls_total", "Waits that could not block.", [](statistics const& s) { return s.polls; });
    w.counter("empty_waits_total", "Waits that ended without a ready handle.",
        [](statistics const& s) { return s.empty_waits; });
    w.counter("ready_events_total", "Ready handles, summed over all waits.",
        [](statistics const& s) { return s.ready_events; });
    w.counter("stale_events_total", "Events whose registration had ended.",
        [](statistics const& s) { return s.stale_events; });
    w.counter("registrations_total", "Handles that were registered with the selector.",
        [](statistics const& s) { return s.registrations; });
    w.counter("modifications_total", "Registrations that were changed.",
        [](statistics const& s) { return s.modifications; });
    w.counter("unregistrations_total", "Registrations that were ended.",
        [](statistics const& s) { return s.unregistrations; });
    w.counter("wakeups_sent_total", "Wake-ups that made a system call.",
        [](statistics const& s) { return s.wakeups_sent; });
    w.counter("wakeups_spared_total", "Wake-ups that made none.",
        [](statistics const& s) { return s.wakeups_spared; });
    w.counter("speculations_total", "Operations that were tried before readiness was reported.",
        [](statistics const& s) { return s.speculations; });
    w.counter("speculation_hits_total", "Those of them that could proceed.",
        [](statistics const& s) { return s.speculation_hits; });
    w.counter("waiting_seconds_total", "How long the loop has waited.",
        [](statistics const& s) { return seconds(s.waiting); });
    w.counter("working_seconds_total", "How long the loop has not waited.",
        [](statistics const& s) { return seconds(s.working); });
    w.gauge("descriptors", "Descriptors that are open.",
        [](statistics const& s) { return s.descriptors; });
    w.gauge("pending_operations", "Operations of descriptors that are waiting.",
        [](statistics const& s) { return s.pending_operations; });
    w.gauge("pending_timers", "Waits for timers.",
        [](statistics const& s) { return s.pending_timers; });
    // From a microsecond to 17 seconds.
    w.distribution("lag_seconds", "From the end of a wait to the start of the next.",
        &statistics::lag, 1e-9, 10, 34, 2);
    w.distribution("timer_lateness_seconds",
        "From a timer's expiry to the end of the wait that found it.", &statistics::timer_lateness,
        1e-9, 10, 34, 2);
    w.distribution("ready_handles", "Handles that were ready at the end of a wait that found some.",
        &statistics::ready, 1, 1, 8, 1);
    out.write(w.text().data(), static_cast<std::streamsize>(w.text().size()));
}

} // namespace boost_selectors

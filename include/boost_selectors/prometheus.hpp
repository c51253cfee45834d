// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_PROMETHEUS_HPP
#define BOOST_SELECTORS_PROMETHEUS_HPP

#include <boost_selectors/config.hpp>
#include <boost_selectors/context_statistics.hpp>
#include <iosfwd>
#include <string>
#include <vector>

namespace boost_selectors {

/// A context's statistics, and how to call the context and its selector's backend.
struct named_statistics {
    std::string context;           ///< Any name that no other context has.
    std::string backend;           ///< base_selector::name()
    context_statistics statistics; ///< By get_statistics().
};

/// Writes statistics in the text format of Prometheus, version 0.0.4, for a reply with the content
/// type `text/plain; version=0.0.4`. Each sample has the labels `context` and `backend`.
///
/// @param out takes the text; its locale and its format are not used. Errors are its state's.
/// @param contexts as many as the program has, each with another name: the format wants all samples of
///     a metric together. Snapshots since the start: the server computes differences.
/// @see https://prometheus.io/docs/instrumenting/exposition_formats
BOOST_SELECTORS_DECL void write_prometheus(
    std::ostream& out, std::vector<named_statistics> const& contexts);

} // namespace boost_selectors

#endif

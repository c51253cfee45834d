// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's examples as programs of simulated hosts. A test for each example. `simulated_examples --page
// FILE` writes the table of all of them as a page of the documentation.

#define BOOST_TEST_ALTERNATIVE_INIT_API
#define BOOST_TEST_NO_MAIN

#include "checks.hpp"
#include <algorithm>
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/test/unit_test_log.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <system_error>
#include <vector>

namespace {

using namespace asio_examples;
namespace unit_test = boost::unit_test;

constexpr char page[] = R"(////
Copyright (c) 2026 The boost_selectors authors
Distributed under the Boost Software License, Version 1.0.
(See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

Written by `scripts/test asio_examples simulated --page doc/modules/ROOT/pages/asio/simulated-examples.adoc`.
////
= Asio's own examples, simulated
:description: Which of Asio's examples run on simulated hosts, and what is checked

`scripts/test asio_examples` also runs Asio's examples on the hosts of a xref:guide/simulation.adoc[simulation]:
servers and their clients together in one process, in virtual time. They are linked from the object files of the real
programs; only `main()` has another name. An example without a partner talks to plain sockets of the test.

Each check runs with the seeds 1 to 5; `parallel_sort`, which sorts 100 million numbers, with one. With even seeds, each
fourth call transfers less than it was asked for, and condition variables may wake without a reason. Each seed runs twice,
and the two traces have to be the same.

)";

/// What the checks of one seed after the other have found, for the parent of their processes.
class shared_hashes {
public:
    static constexpr std::size_t most = 100;

    shared_hashes() {
        void* const memory = ::mmap(nullptr, most * sizeof(std::uint64_t), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mmap");
        first_ = static_cast<std::uint64_t*>(memory);
    }
    ~shared_hashes() { ::munmap(first_, most * sizeof(std::uint64_t)); }
    shared_hashes(shared_hashes const&) = delete;
    shared_hashes& operator=(shared_hashes const&) = delete;

    std::uint64_t& of(std::uint64_t seed) { return first_[seed % most]; }
    std::vector<std::uint64_t> all() const { return {first_, first_ + most}; }

private:
    std::uint64_t* first_;
};

std::set<std::string> passed;

bool check_has_failed() {
    return !unit_test::results_collector.results(unit_test::framework::current_test_case().p_id)
                .passed();
}

void run_check(check const& c, std::string const& example) {
    boost_selectors::explore_options options;
    options.failed = check_has_failed;
    options.limit = 300s + c.stall_limit;
    shared_hashes runs[2];
    for (shared_hashes& hashes : runs) {
        auto const found = boost_selectors::explore(
            c.seeds,
            [&](std::uint64_t seed) {
                stage s(seed, c.stall_limit);
                c.play(s, example);
                hashes.of(seed) = s.world.trace_hash();
            },
            options);
        BOOST_TEST_REQUIRE(found.failed.empty());
    }
    BOOST_TEST(runs[0].all() == runs[1].all(), boost::test_tools::per_element());
    if (!check_has_failed())
        passed.insert(example);
}

/// A dot instead of a slash, which is for suites.
std::string test_name(std::string name) {
    std::ranges::replace(name, '/', '.');
    return name;
}

void check_that_none_is_missing() {
    std::set<std::string> known;
    for (check const& c : checks())
        known.insert(c.examples.begin(), c.examples.end());
    for (auto const& [name, why] : not_run())
        known.insert(name);
    for (std::string const& name : linked_examples())
        BOOST_TEST(known.contains(name), "there is no check of " << name);
}

bool add_tests() {
    // Boost.Test's messages are not for the terminals of hosts.
    static std::ostream messages(std::cout.rdbuf());
    unit_test::unit_test_log.set_stream(messages);
    auto& suite = unit_test::framework::master_test_suite();
    for (check const& c : checks())
        for (std::string const& example : c.examples)
            suite.add(unit_test::make_test_case(
                [&c, example] { run_check(c, example); }, test_name(example), __FILE__, __LINE__));
    suite.add(unit_test::make_test_case(
        check_that_none_is_missing, "none_is_missing", __FILE__, __LINE__));
    return true;
}

std::string table() {
    std::map<std::string, std::string> rows;
    for (check const& c : checks())
        for (std::string const& example : c.examples)
            rows[example] = (passed.contains(example) ? "yes |" : "**failed** |") + c.about;
    for (auto const& [example, why] : not_run())
        rows[example] = "no |" + why;
    std::ostringstream out;
    out << "[cols=\"4,1,6\",options=header]\n|===\n|Example |Run |Checked, or why not\n";
    for (auto const& [example, row] : rows)
        out << '|' << example << " |" << row << '\n';
    out << "|All " << rows.size() << " |" << passed.size() << " run |\n|===\n";
    return out.str();
}

} // namespace

int main(int argc, char* argv[]) {
    std::string file;
    if (argc > 2 && std::string_view(argv[1]) == "--page") {
        file = argv[2];
        argv[2] = argv[0];
        argc -= 2;
        argv += 2;
    }
    int const status = unit_test::unit_test_main(add_tests, argc, argv);
    std::cout << passed.size() << " examples run on simulated hosts, " << not_run().size()
              << " can't\n";
    if (!file.empty()) {
        std::ofstream out(file);
        out << page << table();
        if (!out.flush()) {
            std::perror(file.c_str());
            std::quick_exit(EXIT_FAILURE);
        }
    }
    // Static objects of examples are left alone: their threads have been stopped.
    std::cout.flush();
    std::quick_exit(status);
}

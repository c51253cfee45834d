// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "stage.hpp"
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <stdexcept>
#include <streambuf>
#include <system_error>
#include <thread>
#include <unistd.h>

using initializer = void();

// The linker knows where a section begins and ends.
#define EXAMPLE(main_function, name)                                                               \
    extern "C" int main_function(int argc, char* argv[]);                                          \
    extern "C" [[gnu::weak]] initializer* __start_static_##main_function[];                        \
    extern "C" [[gnu::weak]] initializer* __stop_static_##main_function[];
#include "examples.inc"
#undef EXAMPLE

namespace asio_examples {
namespace {

struct example {
    std::string_view name;
    int (*main)(int argc, char* argv[]);
    initializer** first;
    initializer** last;
    std::once_flag made{};

    /// As a process does before main(). Hosts that run the same example share them.
    void make_static_objects() {
        std::call_once(made, [this] {
            for (auto f = first; f != last; ++f)
                (*f)();
        });
    }
};

example examples[]{
#define EXAMPLE(main_function, name)                                                               \
    {name, &main_function, __start_static_##main_function, __stop_static_##main_function},
#include "examples.inc"
#undef EXAMPLE
};

std::string own_host() {
    std::array<char, 100> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

int checked(int returned) {
    if (returned < 0)
        throw std::system_error(errno, std::generic_category());
    return returned;
}

} // namespace

std::vector<std::string> linked_examples() {
    std::vector<std::string> names;
    for (auto const& e : examples)
        names.emplace_back(e.name);
    return names;
}

/// It keeps no characters itself, since each host has others.
class stage::terminals final : public std::streambuf {
public:
    explicit terminals(boost_selectors::simulation const& w)
        : world_(w) {
        for (std::size_t i = 0; i < streams.size(); ++i)
            before_[i] = streams[i]->rdbuf(this);
        std::cin.clear();
    }
    ~terminals() {
        for (std::size_t i = 0; i < streams.size(); ++i)
            streams[i]->rdbuf(before_[i]);
    }

    std::map<std::string, std::string> output;
    std::map<std::string, std::deque<typing>> input;

protected:
    int_type overflow(int_type c) override {
        if (!traits_type::eq_int_type(c, traits_type::eof()))
            output[own_host()] += traits_type::to_char_type(c);
        return traits_type::not_eof(c);
    }

    std::streamsize xsputn(char const* text, std::streamsize size) override {
        output[own_host()].append(text, static_cast<std::size_t>(size));
        return size;
    }

    int_type underflow() override { return read(false); }
    int_type uflow() override { return read(true); }

private:
    static inline std::array<std::ios*, 4> const streams{
        &std::cin, &std::cout, &std::cerr, &std::clog};

    int_type read(bool consume) {
        std::deque<typing>& typed = input[own_host()];
        while (!typed.empty()) {
            typing& next = typed.front();
            std::this_thread::sleep_for(next.when - world_.now());
            if (next.text.empty()) {
                typed.pop_front();
                continue;
            }
            char const c = next.text.front();
            if (consume)
                next.text.erase(0, 1);
            return traits_type::to_int_type(c);
        }
        return traits_type::eof();
    }

    boost_selectors::simulation const& world_;
    std::array<std::streambuf*, 4> before_;
};

stage::stage(std::uint64_t seed, std::chrono::seconds stall_limit)
    : world{{.seed = seed, .stall_limit = stall_limit}}
    , terminals_(std::make_unique<terminals>(world)) {
    world.chaos(seed % 2 == 0 ? 1 : 0);
}

stage::~stage() = default;

stage::run_of& stage::add(std::string const& example) {
    runs_.push_back({example, {}, {}});
    return runs_.back();
}

std::function<void()> stage::program(
    run_of& r, std::string const& example, arguments a, std::chrono::nanoseconds when) {
    auto* const found =
        std::ranges::find(examples, std::string_view(example), &asio_examples::example::name);
    if (found == std::end(examples))
        throw std::logic_error("there is no example " + example);
    return [this, &r, a = std::move(a), when, &program = *found] {
        std::this_thread::sleep_for(when - world.now());
        program.make_static_objects();
        auto const start = world.now();
        std::vector<std::string> words{r.name};
        words.insert(words.end(), a.begin(), a.end());
        std::vector<char*> pointers;
        for (std::string& word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        r.status = program.main(static_cast<int>(words.size()), pointers.data());
        r.took = world.now() - start;
    };
}

stage::run_of& stage::serve(std::string const& host, std::string const& example, arguments a) {
    run_of& r = add(example);
    world.host(host).service(program(r, example, std::move(a), 0s));
    return r;
}

stage::run_of& stage::run(std::string const& host, std::string const& example, arguments a,
    std::chrono::nanoseconds when) {
    run_of& r = add(example);
    world.host(host).run(program(r, example, std::move(a), when));
    return r;
}

void stage::peer(std::function<void()> f) {
    world.host("peer").run([f = std::move(f)] {
        std::this_thread::sleep_for(later);
        f();
    });
}

void stage::type(std::string const& host, std::vector<typing> all) {
    terminals_->input[host].assign(all.begin(), all.end());
}

void stage::play() {
    world.run();
    for (run_of const& r : runs_) {
        BOOST_TEST_CONTEXT(r.name)
        BOOST_TEST(r.status.value_or(0) == 0);
    }
}

std::string const& stage::output(std::string const& host) {
    return terminals_->output[host];
}

folder::folder()
    : path([] {
        std::string name = std::filesystem::temp_directory_path() / "asio_examples.XXXXXX";
        if (!::mkdtemp(name.data()))
            throw std::system_error(errno, std::generic_category(), name);
        return name;
    }())
    , before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
}

folder::~folder() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
    std::filesystem::remove_all(path, ignored);
}

void folder::write(std::string const& name, std::string const& content) const {
    std::ofstream file(path + '/' + name, std::ios::binary);
    file << content;
    if (!file.flush())
        throw std::runtime_error("can't write " + name);
}

pipe_at::pipe_at(int fd, std::string const& text)
    : fd_(fd)
    , before_(checked(::dup(fd))) {
    int ends[2];
    checked(::pipe(ends));
    bool const input = fd == STDIN_FILENO;
    if (input) {
        checked(static_cast<int>(::write(ends[1], text.data(), text.size())));
        ::close(ends[1]);
    } else {
        other_ = ends[0];
    }
    int const own = input ? ends[0] : ends[1];
    checked(::dup2(own, fd));
    ::close(own);
}

pipe_at::~pipe_at() {
    ::dup2(before_, fd_);
    ::close(before_);
    if (other_ >= 0)
        ::close(other_);
}

std::string pipe_at::read() {
    std::array<char, 1000> some;
    auto const n = checked(static_cast<int>(::read(other_, some.data(), some.size())));
    return {some.data(), static_cast<std::size_t>(n)};
}

} // namespace asio_examples

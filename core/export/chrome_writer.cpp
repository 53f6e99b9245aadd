#include "core/export/chrome_writer.h"

#include <array>
#include <cstdio>

#include "core/export/json_text.h"

namespace heddle::exporter {

void Arguments::begin(std::string_view name) {
    if (!body_.empty()) body_ += ',';
    append_json_string(body_, name);
    body_ += ':';
}

Arguments& Arguments::text(std::string_view name, std::string_view value) {
    begin(name);
    append_json_string(body_, value);
    return *this;
}

Arguments& Arguments::number(std::string_view name, std::int64_t value) {
    begin(name);
    body_ += std::to_string(value);
    return *this;
}

Arguments& Arguments::hex(std::string_view name, std::uint64_t value) {
    std::array<char, 24> digits{};
    std::snprintf(digits.data(), digits.size(), "0x%llx", static_cast<unsigned long long>(value));
    return text(name, digits.data());
}

Result<> ChromeWriter::open(const Arguments& other_data) {
    return file_.write("{\"displayTimeUnit\":\"ns\",\"otherData\":{" + other_data.body() + "},\"traceEvents\":[\n");
}

Result<> ChromeWriter::process_name(std::int64_t pid, std::string_view name, int order) {
    event("M", {pid, pid});
    field("name", "process_name");
    TRY(put(Arguments().text("name", name)));
    event("M", {pid, pid});
    field("name", "process_sort_index");
    return put(Arguments().number("sort_index", order));
}

Result<> ChromeWriter::thread_name(Track track, std::string_view name, int order) {
    event("M", track);
    field("name", "thread_name");
    TRY(put(Arguments().text("name", name)));
    event("M", track);
    field("name", "thread_sort_index");
    return put(Arguments().number("sort_index", order));
}

Result<> ChromeWriter::begin(Track track, Nanoseconds time, std::string_view category, std::string_view name,
                             const Arguments& args) {
    event("B", track);
    time_field(time);
    field("cat", category);
    field("name", name);
    return put(args);
}

Result<> ChromeWriter::end(Track track, Nanoseconds time, const Arguments& args) {
    event("E", track);
    time_field(time);
    return put(args);
}

Result<> ChromeWriter::instant(Track track, Nanoseconds time, std::string_view category, std::string_view name,
                               const Arguments& args) {
    event("i", track);
    time_field(time);
    field("cat", category);
    field("name", name);
    field("s", "t");
    return put(args);
}

Result<> ChromeWriter::counter(std::int64_t pid, Nanoseconds time, std::string_view name, const Arguments& series) {
    event("C", {pid, pid});
    time_field(time);
    field("name", name);
    return put(series);
}

Result<> ChromeWriter::flow(std::string_view name, Track from, Nanoseconds at, Track to, Nanoseconds then) {
    const std::string id = ",\"id\":" + std::to_string(++flows_);
    event("s", from);
    time_field(at);
    field("cat", "flow");
    field("name", name);
    line_ += id;
    TRY(put());
    event("f", to);
    time_field(then);
    field("cat", "flow");
    field("name", name);
    field("bp", "e");
    line_ += id;
    return put();
}

Result<> ChromeWriter::close() {
    TRY(file_.write("\n]}\n"));
    return file_.commit();
}

void ChromeWriter::event(std::string_view phase, Track track) {
    line_ = first_ ? "{\"ph\":\"" : ",\n{\"ph\":\"";
    first_ = false;
    line_ += phase;
    line_ += "\",\"pid\":" + std::to_string(track.pid) + ",\"tid\":" + std::to_string(track.tid);
}

void ChromeWriter::field(std::string_view name, std::string_view value) {
    line_ += ',';
    append_json_string(line_, name);
    line_ += ':';
    append_json_string(line_, value);
}

void ChromeWriter::time_field(Nanoseconds time) {
    const long long nanoseconds = (time - start_).count();
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), ",\"ts\":%lld.%03lld", nanoseconds / 1000, nanoseconds % 1000);
    line_ += text.data();
}

Result<> ChromeWriter::put(const Arguments& args) {
    if (!args.body().empty()) line_ += ",\"args\":{" + args.body() + "}";
    return put();
}

Result<> ChromeWriter::put() {
    return file_.write(line_ += '}');
}

}  // namespace heddle::exporter

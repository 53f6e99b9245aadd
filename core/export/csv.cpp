#include "core/export/csv.h"

#include <array>
#include <charconv>

#include "core/base/atomic_file.h"
#include "core/export/fields.h"

namespace heddle::exporter {

namespace {

template <class Number>
void append_number(std::string& row, Number number, int base = 10) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    row.append(base == 16 ? "0x" : "").append(digits.data(), end);
}

template <class Number>
void append_optional(std::string& row, const std::optional<Number>& number, int base = 10) {
    row += ',';
    if (number) append_number(row, *number, base);
}

}  // namespace

void append_csv_field(std::string& row, std::string_view text) {
    if (text.find_first_of(std::string_view("\",\r\n\0", 5)) == std::string_view::npos) {
        row += text;
        return;
    }
    row += '"';
    for (const char c : text) {
        if (c == '"') row += '"';
        if (c != '\0') row += c;  // readers of text files end at it
    }
    row += '"';
}

Result<> export_csv(const std::string& path, const trace::EventLogView& log, const SymbolName& symbol) {
    AtomicFile file = TRY(AtomicFile::create(path));
    TRY(file.write("event,time_ns,pid,tid,kind,call,address,size,value,number,cpu,pc,symbol,text\r\n"));
    const std::int64_t start = log.empty() ? 0 : log.time(0).count();
    std::string row;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        const trace::Event event = log.event(i);
        const Fields fields = fields_of(event);
        const trace::ThreadInfo& thread = log.threads()[event.thread.value];
        row.clear();
        append_number(row, i);
        append_optional(row, std::optional(event.time.count() - start));
        append_optional(row, std::optional(thread.pid.value));
        append_optional(row, std::optional(thread.tid.value));
        append_csv_field(row += ',', fields.kind);
        append_csv_field(row += ',', fields.call);
        append_optional(row, fields.address, 16);
        append_optional(row, fields.size);
        append_optional(row, fields.value, 16);
        append_optional(row, fields.number);
        append_optional(row, fields.cpu);
        append_optional(row, event.pc == 0 ? std::nullopt : std::optional(event.pc), 16);
        append_csv_field(row += ',', symbol && event.pc != 0 ? symbol(event.pc) : std::string{});
        append_csv_field(row += ',', fields.text);
        TRY(file.write(row += "\r\n"));
    }
    return file.commit();
}

}  // namespace heddle::exporter

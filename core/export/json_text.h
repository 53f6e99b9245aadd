// Text as a JSON string (RFC 8259). Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace heddle::exporter {

// Appends `text` in quotes. A byte that is no UTF-8 becomes U+FFFD: what an observed program wrote may be anything.
void append_json_string(std::string& out, std::string_view text);

}  // namespace heddle::exporter

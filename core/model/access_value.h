// The value that a memory access read or stored, as text: by the type of what lies there, else as a whole number. Pure; on the
// Observatory's thread.
#pragma once

#include <string>

#include "core/model/naming.h"
#include "core/trace/event.h"

namespace heddle::model {

// now: the world just after the access; program may be null; place: of the accessed address.
std::string value_text(const World& now, const ProcessWorld& process, const Program* program, const trace::MemoryAccess& access,
                       const NamedPlace& place);

// The access's other value, in the same way.
std::string other_value_text(const World& now, const ProcessWorld& process, const Program* program,
                             const trace::MemoryAccess& access, const NamedPlace& place);

std::string raw_value(std::uint64_t value, std::uint64_t size);  // of so many bytes, signed; what may be an address as one

}  // namespace heddle::model

// What failed, in the window's language. An Error speaks English ("what: subject: reason. remedy"), as the command line shows
// it; what of it stands among the English texts of [failure] is said in the other language, the rest stays as it is: paths,
// numbers, a compiler's words. Pure; called by panels and the shell wherever they show an Error.
#pragma once

#include <string>
#include <string_view>

#include "app/i18n.h"

namespace heddle {

// A system's reason alone, as "Permission denied".
std::string reason_text(const Texts& texts, std::string_view reason);

std::string failure_text(const Texts& texts, std::string_view message);

}  // namespace heddle

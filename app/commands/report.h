// A finished run as the command line tells it: one JSON object, or lines for a person. Pure.
#pragma once

#include <string>

#include "app/i18n.h"
#include "core/model/snapshot.h"

namespace heddle::commands {

// The object that `heddle run --json` prints.
std::string run_report_json(const model::Snapshot& run);
std::string run_report_text(const model::Snapshot& run, const Texts& texts);

// Whether the run went as it should: the program exited with 0, Heddle did not end it, and the claims that every run must show
// hold; or its threads stand where they were to go, and can go on.
bool succeeded(const model::Snapshot& run);

}  // namespace heddle::commands

/// Standard output as the product of a command.
#pragma once

#include <string>

namespace platefall::cli {

/// Throws Error when not all of it could be written, as on a full disk.
void print(const std::string& text);

}  // namespace platefall::cli

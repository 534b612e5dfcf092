/// Words for people, on stderr. Lines from several threads never mix.
#pragma once

#include <string>

namespace platefall {

enum class LogLevel { quiet, normal, verbose };

void set_log_level(LogLevel level);

void log_error(const std::string& text);     ///< "platefall: error: TEXT"; every line of it, always shown
void log_warning(const std::string& text);   ///< "platefall: warning: TEXT"; hidden by quiet
void log_detail(const std::string& text);    ///< "platefall: TEXT"; shown by verbose
void log_last_line(const std::string& text); ///< "platefall: TEXT"; the one stable sentence at the end, always

}  // namespace platefall

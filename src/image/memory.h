/// Memory that pictures leave behind.
#pragma once

namespace platefall {

/// Gives back to the system what was freed and kept for the next picture. For after the last one, when something else begins.
void give_back_memory();

}  // namespace platefall

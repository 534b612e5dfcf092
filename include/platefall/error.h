/// Errors: where, what, what to do. Lower case, values quoted, no exclamation mark.
#pragma once

#include <platefall/export.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace platefall {

/// Something that the user can mend: a manifest, a plate, a path, a full disk.
///
/// Holds one or more faults; each is a complete message, possibly of several lines. `what()` joins them.
/// Anything else that is thrown (std::logic_error, ...) is a defect of the program; std::bad_alloc is
/// out of memory.
class PLATEFALL_API Error : public std::runtime_error {
public:
    explicit Error(const std::string& fault);
    explicit Error(std::vector<std::string> faults);

    const std::vector<std::string>& faults() const noexcept { return faults_; }

private:
    std::vector<std::string> faults_;
};

/// Collects faults so that all of them are reported at once.
class PLATEFALL_API Faults {
public:
    void add(std::string fault) { faults_.push_back(std::move(fault)); }
    void add(const Error& error);

    bool empty() const noexcept { return faults_.empty(); }
    const std::vector<std::string>& all() const noexcept { return faults_; }

    /// Throws one Error with everything collected, if anything was.
    void throw_if_any() const;

private:
    std::vector<std::string> faults_;
};

}  // namespace platefall

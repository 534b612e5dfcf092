/// Parameters: declared once, and from that one declaration come the manifest's check, `platefall stages`,
/// the editors' schema and the documentation.
#pragma once

#include <platefall/error.h>
#include <platefall/export.h>

#include <cstdint>
#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace platefall {

/// Where a value was written, so that an error can point at it. `line` 0 means it has no place in a file
/// (a default, or `--set`, whose text is then in `file`).
struct Origin {
    std::string file;
    int line = 0;
    int column = 0;
    std::string line_text;
};

/// The message as STYLE: "file:line:column: message", the line itself, and a caret with the hint below the
/// column. Without a line only "file: message", with the hint in brackets.
PLATEFALL_API std::string at(const Origin& origin, const std::string& message, const std::string& hint = {});

struct ParamEntry;

/// A table as it was written: keys in order, each with its origin. Not yet checked against anything.
struct PLATEFALL_API ParamTable {
    std::vector<ParamEntry> entries;
    Origin origin;

    const ParamEntry* find(std::string_view key) const noexcept;
    ParamEntry* find(std::string_view key) noexcept;
};

/// A value as it was written.
struct PLATEFALL_API ParamValue {
    using List = std::vector<ParamValue>;
    std::variant<bool, std::int64_t, double, std::string, List, ParamTable> data;
    Origin origin;
};

struct ParamEntry {
    std::string key;
    Origin key_origin;
    ParamValue value;
};

enum class ParamType {
    flag,      ///< true or false
    integer,
    number,
    text,
    choice,    ///< one of `choices`
    path,      ///< a file or sequence, relative to the manifest; $VAR is expanded
    numbers,   ///< a list of numbers, of length `length` unless that is 0
    points,    ///< a list of [x, y] pairs
    texts,     ///< a list of strings
    tables,    ///< a list of tables with `fields`; a bare string stands for a table with only `shorthand` set
};

/// The declaration of one parameter. Built with the functions in namespace `param`.
struct PLATEFALL_API ParamSpec {
    std::string name;
    ParamType type = ParamType::text;
    std::string help;                      ///< one sentence, upper case, full stop
    std::string unit;                      ///< "px", "m", "frame", "" for none
    bool required = false;
    std::optional<ParamValue> fallback;    ///< the value when it is left out
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    std::vector<std::string> choices;
    std::size_t length = 0;
    std::vector<ParamSpec> fields;
    std::string shorthand;

    ParamSpec& in(std::string unit_name);
    ParamSpec& between(double low, double high);
    ParamSpec& must_be_given();
};
using ParamSpecs = std::vector<ParamSpec>;

/// One function a type. Those with a fallback are optional and always have a value; the others are optional
/// and may be absent (ask Params::has) unless must_be_given() follows.
namespace param {
PLATEFALL_API ParamSpec flag(std::string name, bool fallback, std::string help);
PLATEFALL_API ParamSpec integer(std::string name, std::string help);
PLATEFALL_API ParamSpec integer(std::string name, std::int64_t fallback, std::string help);
PLATEFALL_API ParamSpec number(std::string name, std::string help);
PLATEFALL_API ParamSpec number(std::string name, double fallback, std::string help);
PLATEFALL_API ParamSpec text(std::string name, std::string help);
PLATEFALL_API ParamSpec text(std::string name, std::string fallback, std::string help);
PLATEFALL_API ParamSpec choice(std::string name, std::vector<std::string> choices, std::string help);
PLATEFALL_API ParamSpec choice(std::string name, std::vector<std::string> choices, std::string fallback,
                               std::string help);
PLATEFALL_API ParamSpec path(std::string name, std::string help);
PLATEFALL_API ParamSpec numbers(std::string name, std::size_t length, std::string help);
PLATEFALL_API ParamSpec numbers(std::string name, std::vector<double> fallback, std::string help);
PLATEFALL_API ParamSpec points(std::string name, std::string help);
PLATEFALL_API ParamSpec texts(std::string name, std::string help);
PLATEFALL_API ParamSpec tables(std::string name, ParamSpecs fields, std::string shorthand, std::string help);
}  // namespace param

/// The checked values of one table. Every getter throws std::logic_error for a name that was not declared
/// with that type, or that is absent.
class PLATEFALL_API Params {
public:
    /// Checks `table` against `specs`. Unknown keys (with "did you mean"), wrong types, values out of range
    /// and missing ones are added to `faults`; a faulty value is replaced by its fallback, or left absent, so
    /// that checking can go on. `what` names the table in messages: "stage 'comp'", "[plate]". Paths are
    /// taken relative to `folder`.
    static Params check(const ParamTable& table, const ParamSpecs& specs, const std::string& what,
                        const std::filesystem::path& folder, Faults& faults);

    bool has(std::string_view name) const;       ///< given, or has a fallback
    bool given(std::string_view name) const;     ///< written down, by manifest or --set
    bool flag(std::string_view name) const;
    std::int64_t integer(std::string_view name) const;
    double number(std::string_view name) const;
    const std::string& text(std::string_view name) const;          ///< text and choice
    std::filesystem::path path(std::string_view name) const;       ///< absolute
    std::vector<double> numbers(std::string_view name) const;
    std::vector<std::array<double, 2>> points(std::string_view name) const;
    std::vector<std::string> texts(std::string_view name) const;   ///< empty when absent
    const std::vector<Params>& tables(std::string_view name) const;  ///< empty when absent

    /// Where the value was written; the table itself when it was not.
    const Origin& origin(std::string_view name) const;
    const Origin& origin() const noexcept { return origin_; }

    /// Where relative paths start: the manifest's folder.
    const std::filesystem::path& folder() const noexcept { return folder_; }

    /// An error that points at the value.
    Error error(std::string_view name, const std::string& message, const std::string& hint = {}) const;

    /// Every value, fallbacks included, in one canonical line: equal exactly when the parameters mean the
    /// same. Paths stand as they were written, so that a moved shot keeps its keys.
    std::string canonical() const;

    /// Of these parameters only: what one step of a result is made from.
    std::string canonical(const ParamSpecs& of) const;

    /// Declared parameters that no getter (nor has) ever asked for, tables inside included.
    std::vector<std::string> unread() const;

private:
    struct Value {
        ParamType type;
        std::optional<ParamValue> value;   ///< checked
        bool given = false;
        std::vector<Params> tables;
    };
    static std::string canonical_entry(const std::string& name, const Value& value);
    const Value& read(std::string_view name, std::initializer_list<ParamType> types) const;

    std::map<std::string, Value, std::less<>> values_;
    std::filesystem::path folder_;
    Origin origin_;
    mutable std::set<std::string, std::less<>> read_;
};

}  // namespace platefall

#include <platefall/error.h>

#include <utility>

namespace platefall {
namespace {

std::string joined(const std::vector<std::string>& faults)
{
    std::string all;
    for (const std::string& fault : faults)
        all += (all.empty() ? "" : "\n") + fault;
    return all;
}

}  // namespace

Error::Error(const std::string& fault) : std::runtime_error(fault), faults_{fault} {}

Error::Error(std::vector<std::string> faults) : std::runtime_error(joined(faults)), faults_(std::move(faults)) {}

void Faults::add(const Error& error)
{
    faults_.insert(faults_.end(), error.faults().begin(), error.faults().end());
}

void Faults::throw_if_any() const
{
    if (!faults_.empty())
        throw Error(faults_);
}

}  // namespace platefall

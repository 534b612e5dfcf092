#include <platefall/attributes.h>

#include <algorithm>

namespace platefall {

void Attributes::set(Attribute attribute)
{
    const auto found = std::find_if(all_.begin(), all_.end(),
                                    [&](const Attribute& a) { return a.name == attribute.name; });
    if (found == all_.end())
        all_.push_back(std::move(attribute));
    else
        *found = std::move(attribute);
}

void Attributes::set(std::string name, std::string text)
{
    set({.name = std::move(name), .type = "string", .values = std::vector<std::string>{std::move(text)}});
}

void Attributes::set(std::string name, float number)
{
    set({.name = std::move(name), .type = "float", .values = std::vector<float>{number}});
}

void Attributes::set(std::string name, int number)
{
    set({.name = std::move(name), .type = "int", .values = std::vector<std::int32_t>{number}});
}

void Attributes::erase(std::string_view name)
{
    std::erase_if(all_, [&](const Attribute& a) { return a.name == name; });
}

const Attribute* Attributes::find(std::string_view name) const noexcept
{
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const Attribute& a) { return a.name == name; });
    return found == all_.end() ? nullptr : &*found;
}

std::string Attributes::text(std::string_view name) const
{
    const Attribute* attribute = find(name);
    if (attribute == nullptr)
        return {};
    const auto* texts = std::get_if<std::vector<std::string>>(&attribute->values);
    return texts != nullptr && !texts->empty() ? texts->front() : std::string();
}

}  // namespace platefall

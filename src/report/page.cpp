#include "report/page.h"

#include <fmt/format.h>

#include <cstdint>

namespace platefall {
namespace {

constexpr std::string_view kStyle =
#include "report/page.css.inc"
    ;

/// JSON inside a script element: no "</script>" or "<!--" may come out of somebody's text.
void append_harmless(std::string& to, std::string_view json)
{
    for (const char c : json)
        if (c == '<')
            to += "\\u003c";
        else
            to += c;
}

std::string base64(std::span<const std::byte> content)
{
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((content.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < content.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, content.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (k < count ? std::to_integer<std::uint32_t>(content[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= count ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

}  // namespace

std::string html(const Page& page)
{
    std::string text = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; media-src data:; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n",
        escaped(page.title), kStyle, page.style);
    text.reserve(text.size() + page.body.size() + page.data.size() + page.script.size() + 1000);
    text += page.body;
    if (!page.script.empty()) {
        text += "\n<script>\n\"use strict\";\nconst data = ";
        append_harmless(text, page.data.empty() ? "null" : page.data);
        text += ";\n" + page.script + "</script>\n";
    }
    return text += "</body>\n</html>\n";
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text)
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    return out;
}

std::string data_uri(std::string_view mime_type, std::span<const std::byte> content)
{
    return fmt::format("data:{};base64,{}", mime_type, base64(content));
}

}  // namespace platefall

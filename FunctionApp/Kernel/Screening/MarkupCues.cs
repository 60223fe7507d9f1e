using System.Text.RegularExpressions;

namespace Advisor.Kernel.Screening;

/// <summary>Signs that are not words: images and links that would be fetched, calls of tools, parameters set, addresses of a host's inside.</summary>
/// <remarks>The patterns are run by automata that never go back, so that no text makes them slow.</remarks>
internal static partial class MarkupCues
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>A pattern is run where one of its <c>Needs</c> stands: most text has none.</summary>
    private static readonly (Regex Pattern, string[] Needs, InstructionFamily Family, string? Kind, string Excerpt)[] s_patterns =
    [
        (MarkdownImage(), ["!["], InstructionFamily.Exfiltration, null, "![…](…)"),
        (AddressWithPlaceholder(), ["://"], InstructionFamily.Exfiltration, null, "an address with a placeholder"),
        (MarkdownLink(), ["]("], InstructionFamily.Exfiltration, "markup", "[…](…)"),
        (ActiveMarkup(), ["<", "onerror", "onload", "javascript:"], InstructionFamily.Exfiltration, "markup", "active markup"),
        (ControlLine(), ["_"], InstructionFamily.Tool, null, "CONTROL_WORD: name=value"),
        (ToolCall(), ["_"], InstructionFamily.Tool, null, "verb_name(…)"),
        (Parameter(), ["="], InstructionFamily.Tool, null, "parameter=value"),
        (FormField(), ["="], InstructionFamily.Tool, "parameter", "parameter=value"),
        (ToolName(), ["_"], InstructionFamily.Tool, null, "tool_call"),
        (InnerAddress(), ["://", "169.254", "metadata", "file:/"], InstructionFamily.Tool, null, "an address inside the host"),
        (Turn(), ["role"], InstructionFamily.Role, null, "\"role\": \"…\""),
        (ClosingTag(), ["</"], InstructionFamily.Role, null, "</…>"),
        (Banner(), ["==", "##", "**", "--"], InstructionFamily.Role, "speaker", "== SYSTEM =="),
    ];

    public static List<Cue> In(FoldedText folded)
    {
        var text = folded.Text;
        var cues = new List<Cue>();
        foreach (var (pattern, needs, family, kind, excerpt) in s_patterns)
        {
            if (!needs.Any(need => text.Contains(need, StringComparison.Ordinal)))
            {
                continue;
            }

            foreach (var match in pattern.EnumerateMatches(text))
            {
                var start = folded.Origin(match.Index);
                cues.Add(new Cue(family, kind, excerpt, start, folded.Origin(match.Index + match.Length - 1) + 1 - start, excerpt));
            }
        }

        return cues;
    }

    [GeneratedRegex(@"!\[[^\]\n]*\]\s?\(\s?(https?:|//|data:|\w+\.)", Linear)]
    private static partial Regex MarkdownImage();

    [GeneratedRegex(@"\[[^\]\n]+\]\((https?:|//|javascript:)", Linear)]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"(https?|ftp)://[^\s""')]+[=/?&](\[[a-z_ ]+\]|\{[a-z_ ]+\}|<[a-z_ ]+>)", Linear)]
    private static partial Regex AddressWithPlaceholder();

    [GeneratedRegex(@"<a\s+href|<img\s+src|<script|<iframe|onerror\s?=|onload\s?=|javascript:", Linear)]
    private static partial Regex ActiveMarkup();

    [GeneratedRegex(@"\b[a-z]+(_[a-z]+)+\s?:\s*[a-z_]+\s?=\s?\S", Linear)]
    private static partial Regex ControlLine();

    [GeneratedRegex(@"\b(call|run|exec|execute|invoke|send|transfer|release|approve|delete|drop|get|set|update|create|fetch|read|write|post|pay|refund|escalate|dismiss|close|open|grant|tool|function|os|subprocess)(_[a-z]+)+\s?\(", Linear)]
    private static partial Regex ToolCall();

    // A form's field reads "approved = yes" as well: what a program would set has a programmer's name, or a programmer's value close behind the sign.
    [GeneratedRegex(@"\b(((tenant|user|account|customer|client|session|run|case|exception|payment)_id|is_?admin|admin_mode|confidence_score|auto_?approved?|needs_review|(human_|skip_)?review(_required)?|skip_[a-z]+|bypass_[a-z]+|risk_score|user_role|system_prompt|max_tokens|sanctions_(check|clear|cleared))\s?=\s?[""']?[a-z0-9*]|(tenant|(tenant|user|account)id|admin|recipients?|beneficiary|payee|confidence|approved|escalated?|role|sanctions|override|safety|reviewed|band|route)=[""']?(true|false|admin|root|system|superuser|none|null|all|other|high|low|publish|\*|[01]\.[0-9]|1\b|100\b|[a-z0-9.]+@))", Linear)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\b(tenant|admin|recipients?|beneficiary|payee|confidence|approved|escalated?|band|route|role|temperature|sanctions|override)\s?=\s?[""']?[a-z0-9*]", Linear)]
    private static partial Regex FormField();

    [GeneratedRegex(@"[""']role[""']\s?:\s?[""'](system|assistant|user|developer|tool)[""']", Linear)]
    private static partial Regex Turn();

    [GeneratedRegex(@"</\s?(system|instructions?|prompt|context|user(_input|_query)?|assistant|human|documents?|input|untrusted|tool_result|search_results?)\s?>", Linear)]
    private static partial Regex ClosingTag();

    [GeneratedRegex(@"(==+|##+|\*\*+|--+)\s?(system|admin|administrator|operator|assistant|developer)\s?(==+|##+|\*\*+|--+)", Linear)]
    private static partial Regex Banner();

    [GeneratedRegex(@"\b(tool_calls?|function_calls?|tool_use|tool_choice|system_prompt|system_message)\b", Linear)]
    private static partial Regex ToolName();

    [GeneratedRegex(@"\b169\.254\.169\.254\b|metadata\.google\.internal|(https?|gopher|ftp)://(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])|\bfile:///|\bgopher://", Linear)]
    private static partial Regex InnerAddress();
}

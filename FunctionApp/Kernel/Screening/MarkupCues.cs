using System.Text.RegularExpressions;

namespace Advisor.Kernel.Screening;

/// <summary>Signs that are not words: images and links that would be fetched, calls of tools, parameters set, addresses of a host's inside.</summary>
/// <remarks>The patterns are run by automata that never go back, so that no text makes them slow.</remarks>
internal static partial class MarkupCues
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly (Regex Pattern, InstructionFamily Family, string? Kind, string Excerpt)[] s_patterns =
    [
        (MarkdownImage(), InstructionFamily.Exfiltration, null, "![…](…)"),
        (AddressWithPlaceholder(), InstructionFamily.Exfiltration, null, "an address with a placeholder"),
        (MarkdownLink(), InstructionFamily.Exfiltration, "markup", "[…](…)"),
        (ActiveMarkup(), InstructionFamily.Exfiltration, "markup", "active markup"),
        (ControlLine(), InstructionFamily.Tool, null, "CONTROL_WORD: name=value"),
        (ToolCall(), InstructionFamily.Tool, null, "verb_name(…)"),
        (Parameter(), InstructionFamily.Tool, null, "parameter=value"),
        (ToolName(), InstructionFamily.Tool, null, "tool_call"),
        (InnerAddress(), InstructionFamily.Tool, null, "an address inside the host"),
    ];

    public static List<Cue> In(FoldedText folded)
    {
        var text = folded.Text;
        var cues = new List<Cue>();

        // Each pattern needs one of these; most text has none.
        if (text.AsSpan().IndexOfAny("[(=_<") < 0 && !text.Contains("://", StringComparison.Ordinal) && !text.Contains("169.254", StringComparison.Ordinal))
        {
            return cues;
        }

        foreach (var (pattern, family, kind, excerpt) in s_patterns)
        {
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

    [GeneratedRegex(@"\b((tenant|user|account|customer|client|session|run|case|exception|payment)_?id|tenant|is_?admin|admin|recipients?|beneficiary|payee|confidence(_score)?|auto_?approved?|approved|escalated?|needs_review|review_required|band|route|risk_score|(user_)?role|system_prompt|temperature|max_tokens|sanctions(_check|_clear|_cleared)?|override)\s?=\s?[""']?[a-z0-9*]", Linear)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\b(tool_calls?|function_calls?|tool_use|tool_choice|system_prompt|system_message)\b", Linear)]
    private static partial Regex ToolName();

    [GeneratedRegex(@"\b169\.254\.169\.254\b|metadata\.google\.internal|(https?|gopher|ftp)://(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])|\bfile:///|\bgopher://", Linear)]
    private static partial Regex InnerAddress();
}

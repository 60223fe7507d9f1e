using System.Text;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>Which company a document is of.</summary>
/// <param name="Name">As first met.</param>
public sealed record CompanyLabel(string Id, string Name);

/// <summary>Tells whether two printed names mean one company, by the name alone.</summary>
/// <remarks>
/// Letter case, punctuation, spacing and the legal form at the end do not count: <c>NORTHWIND INSTRUMENTS INC</c> and
/// <c>Northwind Instruments, Inc.</c> are one. Accents do count. Two companies that differ by their legal form only (a holding and its
/// operating company) come out as one: give such a document's company a name that tells them apart.
/// </remarks>
public static class CompanyName
{
    /// <summary>Longest name that is taken from an uploader.</summary>
    public const int MaxLength = 200;

    /// <summary>Legal forms without their dots, as they stand at the end of a name.</summary>
    private static readonly HashSet<string> s_legalForms = new(StringComparer.Ordinal)
    {
        "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "lp", "llp", "plc",
        "ag", "gmbh", "kg", "kgaa", "se", "sa", "sas", "sarl", "spa", "srl", "nv", "bv", "oy", "oyj", "ab", "asa", "as", "kk", "pty",
    };

    /// <summary>The form in which names are compared; null for a name without a letter or digit.</summary>
    public static string? Normalized(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            // Dots and apostrophes join what they stand in (S.A., Levi's); everything else that is no letter or digit parts.
            _ = char.IsLetterOrDigit(c) ? text.Append(char.ToLowerInvariant(c)) : c is '.' or '\'' or '’' ? text : c == '&' ? text.Append(" and ") : text.Append(' ');
        }

        var words = text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        while (words.Count > 1 && (s_legalForms.Contains(words[^1]) || words[^1] == "and"))
        {
            words.RemoveAt(words.Count - 1);
        }

        return words.Count == 0 ? null : string.Join(' ', words);
    }

    /// <summary>The id of the company of that name; null when the name holds no letter or digit.</summary>
    public static string? IdOf(TenantId tenant, string? name) =>
        name is not null && Normalized(name) is { } normalized ? DeterministicId.Of("company", tenant.Value, normalized) : null;

    /// <summary>The id that a query's <c>company</c> means, which is an id or a name.</summary>
    public static string IdAsked(TenantId tenant, string asked) => Guid.TryParseExact(asked, "D", out _) ? asked.ToLowerInvariant() : IdOf(tenant, asked) ?? asked;
}

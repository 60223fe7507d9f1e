using System.Text;

namespace Advisor.Kernel.LanguageModels;

/// <summary>How many tokens a text can have at most.</summary>
/// <remarks>
/// A byte-level tokenizer, which the models in use have, starts from the bytes of the UTF-8 text and only ever joins them: a text has no more
/// tokens than bytes. English prose has about a quarter. It needs no vocabulary, so it holds for every server; the difference is given back
/// when a call is settled.
/// </remarks>
public static class TokenEstimate
{
    /// <summary>What the framing of two messages and of the answer's format adds; a few tokens each.</summary>
    private const int Framing = 64;

    /// <summary>An upper bound for the prompt's tokens, the schema included, which some servers put into it.</summary>
    public static int Of(string system, string user, string schema) =>
        Framing + Encoding.UTF8.GetByteCount(system) + Encoding.UTF8.GetByteCount(user) + Encoding.UTF8.GetByteCount(schema);
}

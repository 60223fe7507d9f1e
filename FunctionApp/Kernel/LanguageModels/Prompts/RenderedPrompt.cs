using System.Security.Cryptography;
using System.Text;

namespace Advisor.Kernel.LanguageModels.Prompts;

/// <summary>A template with its fields filled in: what a model is shown, to the letter.</summary>
/// <param name="CallId">The call it was rendered for.</param>
/// <param name="Schema">JSON schema of the answer.</param>
/// <param name="SchemaName">The schema's file name without its ending, dots as '_'.</param>
/// <param name="Marker">Stands around quoted text, and nowhere in it.</param>
/// <param name="Redactions">What was masked, by field and kind: <c>notes.email</c>. Without what was not found.</param>
public sealed record RenderedPrompt(
    PromptReference Template, string CallId, string System, string User, string Schema, string SchemaName, string Marker, IReadOnlyDictionary<string, int> Redactions)
{
    /// <summary>SHA-256 of the system message, a zero byte, the user message, a zero byte and the schema.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{System}\0{User}\0{Schema}")));
}

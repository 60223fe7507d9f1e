namespace Advisor.Kernel.LanguageModels;

/// <summary>One server of a language model. Slices do not call it: they ask <see cref="ModelGateway"/>, which bounds, repeats and records.</summary>
public interface ILanguageModel
{
    /// <summary>The model or deployment that is asked where a call names none.</summary>
    string DefaultModel { get; }

    /// <summary>Whose service it is, by the names of OpenTelemetry's <c>gen_ai.provider.name</c>.</summary>
    string Provider { get; }

    /// <summary>Asks once, without repeating anything, and waits for the whole answer.</summary>
    /// <exception cref="ModelException">The server answered with something that is no usable answer.</exception>
    /// <exception cref="ModelServerException">The server could not be reached, or failed; it may answer the next time.</exception>
    Task<ModelAnswer> CompleteAsync(ModelRequest request, CancellationToken cancellationToken);

    /// <summary>Looks whether the server answers, without asking a model anything.</summary>
    /// <exception cref="ModelException">It refuses this product.</exception>
    /// <exception cref="ModelServerException">It does not answer.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>What a server is asked.</summary>
/// <param name="Schema">JSON schema that the answer has to follow.</param>
/// <param name="SchemaName">Name of the schema, letters, digits, '_' and '-'.</param>
/// <param name="MaxOutputTokens">At least 1.</param>
/// <param name="Temperature">0 to 2.</param>
/// <param name="Seed">Makes answers repeat where the server knows seeds.</param>
public sealed record ModelRequest(string Model, string System, string User, string Schema, string SchemaName, int MaxOutputTokens, decimal Temperature, long Seed);

/// <summary>What a model answered. Nothing in it is trusted.</summary>
/// <param name="Text">JSON with the members that the schema asks for at its top; what is in them nobody has looked at.</param>
/// <param name="Model">As the server names it.</param>
/// <param name="FinishReason">As the server gave it: <c>stop</c>.</param>
/// <param name="InputTokens">Null where the server does not count.</param>
/// <param name="OutputTokens">Null where the server does not count.</param>
/// <param name="MeanLogProbability">Natural logarithm, at most 0; null where the server gives none. <c>exp</c> of it is the geometric mean of the tokens' probabilities.</param>
public sealed record ModelAnswer(string Text, string Model, string FinishReason, long? InputTokens, long? OutputTokens, decimal? MeanLogProbability)
{
    /// <summary>Parameters of the request that the server does not know, and that it was asked without.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];
}

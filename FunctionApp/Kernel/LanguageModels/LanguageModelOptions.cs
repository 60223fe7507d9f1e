namespace Advisor.Kernel.LanguageModels;

/// <summary>How much language models may be used, section <c>LanguageModels</c>. The defaults are explained in docs/language-models.md.</summary>
public sealed class LanguageModelOptions
{
    /// <summary>Tokens of a prompt, by <see cref="TokenEstimate"/>, which is an estimate from above.</summary>
    public int MaxPromptTokens { get; set; } = 120_000;

    /// <summary>Tokens that an answer may have; a call may ask for fewer.</summary>
    public int MaxOutputTokens { get; set; } = 4_096;

    /// <summary>Bytes of an answer's body, after which it is not read further. Log-probabilities take most of them.</summary>
    public int MaxAnswerBytes { get; set; } = 8 * 1_024 * 1_024;

    /// <summary>Attempts and the pauses between them, for one sample; waiting for a place is not counted.</summary>
    public TimeSpan MaxCallTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Requests for one sample.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Before the first repetition where the server does not say; doubled each time, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Tokens, in and out, that the calls of one run may use together.</summary>
    public long RunTokens { get; set; } = 500_000;

    /// <summary>Null for no limit.</summary>
    public decimal? RunUsDollars { get; set; }

    /// <summary>Tokens, in and out, that one tenant may use on one day (UTC).</summary>
    public long TenantTokensPerDay { get; set; } = 20_000_000;

    /// <summary>Null for no limit.</summary>
    public decimal? TenantUsDollarsPerDay { get; set; }

    /// <summary>How many times a model is asked where a call does not say.</summary>
    public int Samples { get; set; } = 1;

    /// <summary>The temperature where several samples are asked: at 0 they would hardly differ, and their agreement would say nothing.</summary>
    public decimal SampleTemperature { get; set; } = 0.7m;

    /// <summary>Models that a call may name besides the configured one.</summary>
    public IList<string> AllowedModels { get; } = [];

    /// <summary>What models cost. None is shipped: prices change, and differ by contract.</summary>
    public IList<ModelPrice> Prices { get; } = [];

    /// <summary>Whether the probabilities of an answer's tokens are asked for.</summary>
    public bool LogProbabilities { get; set; } = true;

    internal ModelPrice? PriceOf(string model) => Prices.FirstOrDefault(price => price.Model == model);
}

/// <summary>One line of the price list, <c>LanguageModels:Prices:{n}</c>.</summary>
public sealed class ModelPrice
{
    /// <summary>The model or deployment as it is asked for.</summary>
    public string Model { get; set; } = "";

    /// <summary>US dollars for a million tokens of the prompt.</summary>
    public decimal Input { get; set; }

    /// <summary>US dollars for a million tokens of the answer.</summary>
    public decimal Output { get; set; }

    /// <summary>In US dollars.</summary>
    internal decimal Of(long inputTokens, long outputTokens) => ((Input * inputTokens) + (Output * outputTokens)) / 1_000_000m;
}

/// <summary>Any server that speaks OpenAI's wire format, section <c>OpenAI</c>.</summary>
public sealed class OpenAiOptions
{
    /// <summary>The address before <c>/chat/completions</c>: <c>https://api.openai.com/v1</c>. Null for none.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Null where the server wants none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The model that is asked.</summary>
    public string Model { get; set; } = "gpt-4o";

    /// <summary>Lets the address be plain http on other machines: prompts would travel in the clear.</summary>
    public bool AllowHttp { get; set; }
}

/// <summary>Azure OpenAI, section <c>AzureOpenAI</c>.</summary>
public sealed class AzureOpenAiOptions
{
    /// <summary>Of the resource: <c>https://name.openai.azure.com</c>. Null for none.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Null for the host's managed identity, which needs the role Cognitive Services OpenAI User.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The deployment that is asked.</summary>
    public string Deployment { get; set; } = "gpt-4o";
}

using Microsoft.Extensions.Options;

namespace Advisor.Kernel.LanguageModels;

internal sealed class LanguageModelValidator(IOptions<OpenAiOptions> openAi, IOptions<AzureOpenAiOptions> azure)
    : IValidateOptions<LanguageModelOptions>
{
    public ValidateOptionsResult Validate(string? name, LanguageModelOptions options)
    {
        List<string> failures = [.. ModelServerValidator.Faults(openAi.Value, azure.Value)];
        Require(options.MaxPromptTokens is >= 1_000 and <= 2_000_000, "MaxPromptTokens must be from 1000 to 2000000.");
        Require(options.MaxOutputTokens is >= 16 and <= 200_000, "MaxOutputTokens must be from 16 to 200000.");
        Require(options.MaxAnswerBytes is >= 1_024 and <= 64 * 1_024 * 1_024, "MaxAnswerBytes must be from 1024 to 67108864.");
        Require(options.MaxCallTime >= TimeSpan.FromMilliseconds(100) && options.MaxCallTime <= TimeSpan.FromMinutes(30), "MaxCallTime must be from 00:00:00.100 to 00:30:00.");
        Require(options.MaxAttempts is >= 1 and <= 10, "MaxAttempts must be from 1 to 10.");
        Require(options.RetryDelay >= TimeSpan.Zero && options.RetryDelay <= TimeSpan.FromMinutes(1), "RetryDelay must be from 00:00:00 to 00:01:00.");
        Require(options.RunTokens >= 1, "RunTokens must be at least 1.");
        Require(options.RunUsDollars is null or > 0, "RunUsDollars must be above 0.");
        Require(options.TenantTokensPerDay >= 1, "TenantTokensPerDay must be at least 1.");
        Require(options.TenantUsDollarsPerDay is null or > 0, "TenantUsDollarsPerDay must be above 0.");
        Require(options.Samples is >= 1 and <= ModelGateway.MaxSamples, "Samples must be from 1 to 9.");
        Require(options.SampleTemperature is > 0 and <= 2, "SampleTemperature must be above 0 and at most 2.");
        Require(!options.AllowedModels.Any(string.IsNullOrWhiteSpace), "AllowedModels must not hold blanks.");
        Require(options.Prices.All(price => !string.IsNullOrWhiteSpace(price.Model) && price is { Input: >= 0, Output: >= 0 }), "Prices must each name a Model, and an Input and Output of at least 0.");
        Require(options.Prices.DistinctBy(price => price.Model).Count() == options.Prices.Count, "Prices must name each model once.");
        if ((options.RunUsDollars ?? options.TenantUsDollarsPerDay) is not null && ModelServerValidator.DefaultModel(openAi.Value, azure.Value) is { } model
            && options.AllowedModels.Prepend(model).FirstOrDefault(one => options.PriceOf(one) is null) is { } unpriced)
        {
            failures.Add($"LanguageModels:Prices must have a price for '{unpriced}': a limit in dollars could not be held without.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Require(bool holds, string rule)
        {
            if (!holds)
            {
                failures.Add($"LanguageModels:{rule}");
            }
        }
    }
}

/// <summary>What makes the address or key of a model's server unusable.</summary>
internal static class ModelServerValidator
{
    /// <summary>The model that is asked where a call names none; null where no server is configured.</summary>
    public static string? DefaultModel(OpenAiOptions openAi, AzureOpenAiOptions azure) =>
        azure.Endpoint is not null ? azure.Deployment : openAi.BaseUrl is not null ? openAi.Model : null;

    public static IEnumerable<string> Faults(OpenAiOptions openAi, AzureOpenAiOptions azure)
    {
        if (openAi.BaseUrl is not null && azure.Endpoint is not null)
        {
            yield return "OpenAI:BaseUrl and AzureOpenAI:Endpoint exclude each other: set one.";
        }

        if (openAi.BaseUrl is { } server)
        {
            if (!(Absolute(server) is { } url && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && (url.IsLoopback || openAi.AllowHttp)))))
            {
                yield return "OpenAI:BaseUrl must be an https:// URL without query and user; http:// only on this machine, or with OpenAI:AllowHttp.";
            }

            if (string.IsNullOrWhiteSpace(openAi.Model))
            {
                yield return "OpenAI:Model must name a model.";
            }
        }

        if (azure.Endpoint is { } resource)
        {
            if (Absolute(resource)?.Scheme != Uri.UriSchemeHttps)
            {
                yield return "AzureOpenAI:Endpoint must be an https:// URL, such as https://name.openai.azure.com.";
            }

            if (string.IsNullOrWhiteSpace(azure.Deployment))
            {
                yield return "AzureOpenAI:Deployment must name a deployment.";
            }
        }

        // A key that does not fit into a header would be shown by the exception that says so.
        if (openAi.ApiKey is { } key && !IsKey(key))
        {
            yield return "OpenAI:ApiKey must be visible ASCII characters without blanks.";
        }

        if (azure.ApiKey is { } azureKey && !IsKey(azureKey))
        {
            yield return "AzureOpenAI:ApiKey must be visible ASCII characters without blanks.";
        }
    }

    private static Uri? Absolute(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Query: "", Fragment: "", UserInfo: "" } ? url : null;

    private static bool IsKey(string key) => key.Length > 0 && key.All(c => c is > ' ' and < '\x7f');
}

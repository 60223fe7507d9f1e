using Advisor.Kernel.LanguageModels.OpenAi;
using Advisor.Kernel.LanguageModels.Prompts;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Telemetry.Health;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.LanguageModels;

internal static class LanguageModelRegistration
{
    /// <summary>The gateway is always there; a model only where <c>OpenAI:BaseUrl</c> or <c>AzureOpenAI:Endpoint</c> says where.</summary>
    public static IServiceCollection AddLanguageModels(this IServiceCollection services, IConfiguration configuration)
    {
        // A setting that is there and empty is one that is not set.
        services.AddOptions<OpenAiOptions>().Bind(configuration.GetSection("OpenAI")).PostConfigure(options => (options.BaseUrl, options.ApiKey) = (Set(options.BaseUrl), Set(options.ApiKey)));
        services.AddOptions<AzureOpenAiOptions>().Bind(configuration.GetSection("AzureOpenAI")).PostConfigure(options => (options.Endpoint, options.ApiKey) = (Set(options.Endpoint), Set(options.ApiKey)));
        services.AddSingleton<IValidateOptions<LanguageModelOptions>, LanguageModelValidator>();
        services.AddOptions<LanguageModelOptions>().Bind(configuration.GetSection("LanguageModels")).ValidateOnStart();
        if (Set(configuration["OpenAI:BaseUrl"]) is not null || Set(configuration["AzureOpenAI:Endpoint"]) is not null)
        {
            services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
            services.AddSingleton<ILanguageModel, OpenAiModel>().AddSingleton<IDependencyProbe, ModelProbe>();
        }

        return services.AddSingleton<PromptLibrary>().AddSingleton<ModelBudgets>().AddSingleton<ModelAttempts>().AddSingleton(provider => new ModelGateway(
            provider.GetRequiredService<IRecordStore>(), provider.GetService<ILanguageModel>(), provider.GetRequiredService<ModelAttempts>(), provider.GetRequiredService<ModelBudgets>(),
            provider.GetRequiredService<IOptions<LanguageModelOptions>>(), provider.GetRequiredService<AdvisorMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ModelGateway>>()));
    }

    private static string? Set(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

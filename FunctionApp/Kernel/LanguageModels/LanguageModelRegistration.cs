using Advisor.Kernel.LanguageModels.Prompts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.LanguageModels;

internal static class LanguageModelRegistration
{
    /// <summary>The gateway is always there; a model only where <c>OpenAI:BaseUrl</c> or <c>AzureOpenAI:Endpoint</c> says where.</summary>
    public static IServiceCollection AddLanguageModels(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services.AddSingleton<PromptLibrary>().AddSingleton<ModelGateway>();
    }
}

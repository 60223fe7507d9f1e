using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;

namespace Advisor.Azure;

/// <summary>Settings that must be secret, out of Key Vault: read once, when the host starts.</summary>
/// <remarks>
/// Two dashes in a secret's name stand for the colon of a setting's. Only names that end like a secret count, so that whoever may write
/// secrets cannot switch other settings by them.
/// </remarks>
public sealed class KeyVaultSecrets : IConfigurationSource
{
    internal const string Setting = "KeyVault:ServiceUri";

    private static readonly HashSet<string> s_kinds = new(StringComparer.OrdinalIgnoreCase) { "Secret", "Password", "User", "Url", "Key", "ApiKey", "Token" };

    private readonly SecretClient _client;
    private readonly TimeProvider _time;

    internal KeyVaultSecrets(SecretClient client, TimeProvider time) => (_client, _time) = (client, time);

    /// <summary>Adds the vault that <c>KeyVault:ServiceUri</c> names, above what is configured so far; nothing where it names none.</summary>
    /// <exception cref="InvalidOperationException">The setting is not the address of a vault.</exception>
    public static void AddTo(IConfigurationManager configuration, TokenCredential credential, SecretClientOptions? options = null)
    {
        if (configuration[Setting] is not { Length: > 0 } text)
        {
            return;
        }

        var address = Uri.TryCreate(text, UriKind.Absolute, out var parsed) ? parsed : null;
        if (ServiceAddress.Fault(Setting, address, "https://name.vault.azure.net/") is { } fault)
        {
            throw new InvalidOperationException(fault);
        }

        configuration.Add(new KeyVaultSecrets(new SecretClient(address, credential, options ?? new SecretClientOptions()), TimeProvider.System));
    }

    /// <inheritdoc />
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(_client, _time);

    private sealed class Provider(SecretClient client, TimeProvider time) : ConfigurationProvider
    {
        /// <exception cref="IOException">The vault does not answer.</exception>
        /// <exception cref="UnauthorizedAccessException">The app's identity may not read it.</exception>
        public override void Load()
        {
            try
            {
                var now = time.GetUtcNow();
                var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
                foreach (var secret in client.GetPropertiesOfSecrets())
                {
                    var setting = secret.Name.Replace("--", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
                    if (secret.Enabled != false && !(secret.NotBefore > now) && !(secret.ExpiresOn <= now) && s_kinds.Contains(ConfigurationPath.GetSectionKey(setting)))
                    {
                        settings[setting] = client.GetSecret(secret.Name).Value.Value;
                    }
                }

                Data = settings;
            }
            catch (Exception fault) when (AzureFaults.IsKnown(fault))
            {
                throw AzureFaults.Of("Key Vault", fault);
            }
        }
    }
}

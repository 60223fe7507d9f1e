namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>The JSON schema through which a reasoner proposes claims.</summary>
public static class ClaimSchema
{
    /// <summary>JSON Schema 2020-12 of <c>{"claims": [...]}</c>. It holds the shape only; what a claim says is judged by <see cref="ClaimVerifier"/>.</summary>
    public const string Json =
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "required": ["claims"],
          "additionalProperties": false,
          "properties": {
            "claims": {
              "type": "array",
              "maxItems": 64,
              "items": {
                "type": "object",
                "required": ["template", "expressions", "type"],
                "additionalProperties": false,
                "properties": {
                  "template": { "type": "string", "minLength": 1, "maxLength": 1000 },
                  "expressions": { "type": "array", "maxItems": 32, "items": { "type": "string", "minLength": 1, "maxLength": 2048 } },
                  "facts": { "type": "object", "additionalProperties": { "type": "string", "pattern": "^f[A-Za-z0-9]+$" } },
                  "type": { "type": "string", "pattern": "^[a-z][a-z_]*$" }
                }
              }
            }
          }
        }
        """;
}

using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace ElfMmu.Help.Cmdlets;

/// <summary>An attribute with its arguments.</summary>
internal sealed class DecodedAttribute(string type, CustomAttributeValue<string> value)
{
    /// <summary>The full name of the attribute's type.</summary>
    public string Type => type;

    /// <summary>The arguments of the constructor.</summary>
    public IReadOnlyList<object?> Fixed { get; } = [.. value.FixedArguments.Select(a => a.Value)];

    /// <summary>The texts and names of types among them, those in arrays too.</summary>
    public IEnumerable<string> FixedTexts => Fixed.SelectMany(argument => argument switch
    {
        string text => [text],
        ImmutableArray<CustomAttributeTypedArgument<string>> array => array.Select(a => a.Value).OfType<string>(),
        _ => [],
    });

    /// <summary>A property that is set; null when it isn't.</summary>
    public object? Named(string name) => value.NamedArguments.FirstOrDefault(a => a.Name == name).Value;
}

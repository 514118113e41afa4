using System.Text.RegularExpressions;
using ElfMmu.Reading;

namespace ElfMmu.Searching;

/// <summary>
/// A regular expression over bytes. It sees memory in stretches that are contiguous, each byte as the character of its number: <c>\x00</c> to
/// <c>\xff</c>.
/// </summary>
/// <remarks>
/// Hits don't overlap and aren't empty; leftmost first, as .NET does it. They are those of one scan of each contiguous part of what is searched,
/// from its start on, however its pages lie in physical memory. Where the part begins (the rights and the range that are asked for have a say)
/// can matter to an expression that begins with what it also ends with, such as <c>"[^"]*"</c>; one with a definite beginning finds the same in any part.
/// What is longer than a hit may be is cut where the expression allows it, else it is no hit there. Looking back sees at least as many bytes
/// as a hit may have, looking ahead no more than the contiguous part has. <c>^</c>, <c>$</c> and the like mean nothing in memory, as there are no
/// lines. A part that leads to the same memory over and over, in all to more than twice what is searched, is not looked through from its
/// start when an expression has hits all over it.
/// </remarks>
public sealed class RegexPattern : SearchPattern
{
    /// <summary>How many bytes a hit may have unless something else is said.</summary>
    public const int DefaultMostLength = 4096;

    private readonly string _expression;
    private readonly RegexOptions _options;
    private readonly RegexEngine _quick;

    /// <summary>Makes a pattern.</summary>
    internal RegexPattern(string expression, bool ignoreCase, int mostLength, int? alignment)
        : base(expression, alignment)
    {
        if (mostLength is < 1 or > MostBytes)
        {
            throw Invalid($"A hit of {mostLength} bytes can't be: give from 1 to {MostBytes} as the length of hits.");
        }

        _expression = expression;
        _options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        MostLength = mostLength;
        try
        {
            _quick = RegexEngine.Quick(expression, _options);
        }
        catch (ArgumentException e)
        {
            throw Invalid($"'{expression}' isn't a regular expression: {e.Message}", e);
        }
    }

    /// <summary>The most bytes that a hit has.</summary>
    public int MostLength { get; }

    /// <inheritdoc/>
    internal override IMatcher Compile(DataModel model, int mostAlignment = MostAlignment) =>
        new RegexMatcher(_quick, _expression, _options, MostLength, Math.Min(Alignment ?? 1, mostAlignment));
}

using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>Which mappings are wanted, by their rights at one privilege.</summary>
/// <param name="Privilege">The privilege; a mapping without any right there is left out.</param>
/// <param name="Required">Rights a mapping must have.</param>
/// <param name="Forbidden">Rights a mapping must not have.</param>
public readonly record struct MappingFilter(Privilege Privilege, Rights Required = Rights.None, Rights Forbidden = Rights.None)
{
    /// <summary>Reads a filter's rights from text.</summary>
    /// <param name="text">
    /// Letters of <c>rwx</c> that must be there, <c>!</c> before those that must not (<c>rw</c>, <c>!x</c>, <c>r!wx</c>), or the
    /// exact form with dashes (<c>r-x</c>). Case doesn't matter; empty asks for nothing.
    /// </param>
    /// <param name="privilege">The privilege whose rights are meant.</param>
    /// <exception cref="ElfMmuException"><c>RightsInvalid</c>.</exception>
    public static MappingFilter Parse(string? text, Privilege privilege = Privilege.Any)
    {
        string letters = (text ?? "").Trim();
        bool exact = letters.Contains('-', StringComparison.Ordinal);
        bool forbid = false;
        Rights required = Rights.None;
        Rights forbidden = Rights.None;
        foreach (char letter in letters)
        {
            Rights right = char.ToLowerInvariant(letter) switch
            {
                'r' => Rights.Read,
                'w' => Rights.Write,
                'x' => Rights.Execute,
                '!' or '-' => Rights.None,
                _ => throw Invalid(letters),
            };
            forbid |= letter == '!';
            required |= forbid ? Rights.None : right;
            forbidden |= forbid ? right : Rights.None;
        }

        if ((exact && (forbid || letters.Length != 3)) || (required & forbidden) != 0 || (forbid && forbidden == Rights.None))
        {
            throw Invalid(letters);
        }

        const Rights All = Rights.Read | Rights.Write | Rights.Execute;
        return new MappingFilter(privilege, required, exact ? All & ~required : forbidden);
    }

    /// <summary>The rights of a mapping at this filter's privilege.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Rights RightsOf(MappingAttributes attributes) => Privilege switch
    {
        Privilege.User => attributes.User,
        Privilege.Supervisor => attributes.Supervisor,
        _ => attributes.User | attributes.Supervisor,
    };

    /// <summary>Whether a mapping is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Accepts(MappingAttributes attributes)
    {
        Rights rights = RightsOf(attributes);
        return (rights != Rights.None || Privilege == Privilege.Any)
            && (rights & Required) == Required
            && (rights & Forbidden) == 0;
    }

    /// <summary>The rights part in the form that <see cref="Parse"/> reads, or an empty string.</summary>
    public string RightsText =>
        RightsFormat.Letters(Required) + (Forbidden == Rights.None ? "" : "!" + RightsFormat.Letters(Forbidden));

    private static ElfMmuException Invalid(string text) => new(
        "RightsInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' isn't a choice of rights. Write the letters that must be there, '!' before those that must not (rw, !x, r!w), "
        + "or all three places with dashes for exactly these (r-x).");
}

using ElfMmu.Paging;

namespace ElfMmu.Pictures;

/// <summary>The rights of mappings as a picture shows them.</summary>
internal static class PictureRights
{
    private const Rights WriteExecute = Rights.Write | Rights.Execute;

    /// <summary>How many different values <see cref="Key"/> has.</summary>
    public const int Keys = 64;

    /// <summary>The rights of user and supervisor in one number below <see cref="Keys"/>.</summary>
    public static int Key(MappingAttributes attributes) => ((int)attributes.User << 3) | (int)attributes.Supervisor;

    /// <summary>The user's part of a key.</summary>
    public static Rights User(int key) => (Rights)(key >> 3);

    /// <summary>The supervisor's part of a key.</summary>
    public static Rights Supervisor(int key) => (Rights)(key & 7);

    /// <summary>Whether either may write and execute the same page.</summary>
    public static bool IsWriteExecute(MappingAttributes attributes) =>
        (attributes.User & WriteExecute) == WriteExecute || (attributes.Supervisor & WriteExecute) == WriteExecute;

    /// <summary>Whether a mapping continues the one before it with the same rights and of the same kind, wherever both lead to.</summary>
    public static bool AreOneArea(in Mapping before, in Mapping mapping) =>
        before.LastAddress + 1 == mapping.VirtualAddress
        && before.Kind == mapping.Kind
        && Key(before.Attributes) == Key(mapping.Attributes);

    /// <summary>The rights in words: <c>user r-x, supervisor rwx</c>.</summary>
    public static string Describe(int key) =>
        $"user {RightsFormat.Format(User(key))}, supervisor {RightsFormat.Format(Supervisor(key))}";
}

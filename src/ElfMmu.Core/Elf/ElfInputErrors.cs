namespace ElfMmu.Elf;

/// <summary>The errors that all inputs share.</summary>
internal static class ElfInputErrors
{
    public static ElfMmuException Outside(IElfInput input, ulong offset, int count) => new(
        "ReadFailed",
        ErrorKind.ReadError,
        $"{input.Name}: {count} bytes at offset 0x{offset:x} aren't there, the input ends at 0x{input.Length:x}; " +
        "check that it is complete.")
    {
        Path = input.Name,
        Offset = offset,
    };
}

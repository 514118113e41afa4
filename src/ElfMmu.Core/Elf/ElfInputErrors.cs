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

    public static ElfMmuException Failed(IElfInput input, ulong offset, Exception? cause) => new(
        "ReadFailed",
        ErrorKind.ReadError,
        cause is null
            ? $"{input.Name}: reading at offset 0x{offset:x} met the end of the file, it was cut while it was open; " +
              "make sure nothing else writes to it."
            : $"{input.Name}: reading at offset 0x{offset:x} failed ({cause.Message}); check the medium it is on.",
        cause)
    {
        Path = input.Name,
        Offset = offset,
    };
}

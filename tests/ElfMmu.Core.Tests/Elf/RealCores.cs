using System.IO.Compression;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf;

/// <summary>
/// The first bytes of dumps that QEMU 7.2's dump-guest-memory wrote of bare-metal guests, up to the end of the notes;
/// gzip and base64. The memory behind them is left out.
/// </summary>
internal static class RealCores
{
    public const string X64 =
        "H4sIAAAAAAACA6t39XFjYmRkgAEWBjsGBI+B4QCUdkAS42CwYGAHijChqCQPgExgxiJewdoIprkJ6GeB0h5M2OUNmFFpZHsh9uAymQeNRtfHg0" +
        "MdExqNro8PykKnGdFodH38UBY6TUifAJSFTheg0ej6GqCs//9Raez2gYIxgBEi6uwf5Eps3A8QIM5qBYi6BkQ2wAuYoOYao6cAqDnaFDoaFMY7" +
        "oC4PdPUNhXkELKaAGjEE3axA3eCH+R3mZ2NwigGmmd/rMdSCxYXPkyAOJCYzECWuDTPnMw5zmnCY040pbo/MKUBTjwYEGRgb8CW1DWiiAI0Koi" +
        "l4BQAA";

    public const string Ia32 =
        "H4sIAAAAAAACA6t39XFjYmRkgAEWBmYGBI+B4QCUdkAS42CwYGAHijChqCQPgExgxiK+g6URTHMT0M8CpT2YsMsXMKHSyPZC7MFlMg8aja6PB4" +
        "c6JjQaXR8flIVOM6LR6Pr4oSx0mpA+ASgLnS5Ao9H1NUBZ//+j0tjtYwXiCVBRZ/8gV0JxTg7YyM+GwhdkYGzApg4Y8ozKsBhQYGDURnLjDqjl" +
        "ga6+oTC3gMRwmYVuJxwoUCHxo7kZOdUog0McGOa/z2OoBYsLkyIOJCYzECWuDTPnMw5zmnCY040pbo+SEdHUowFc4Q9LLRPQRAGhBs3HuAQAAA" +
        "==";

    public const string Arm =
        "H4sIAAAAAAACA6t39XFjZGRkgAEWBg0GGK8FiE2gbA4GBQYmoBwTA0ItIQBSyYzEbwFq5saijgWIjyDxDzBCMLI5QL0g4ADFjFAMBqxAPAUq4O" +
        "wf5ErITaQALwYlBzDtAKErGY6CKAEQcRnZMAEFBzStIDUCMDUgig3kV0aIh308/UIjGEYBCAAA1iPs04QCAAA=";

    public const string AArch64 =
        "H4sIAAAAAAACA6t39XFjYmRkgAEWhu0MCB4DwwEo7YAkxsFgwcAEFGFCUUkeAJnAjEX8AwvEcG4C+lmgtAEOpxxgRqWR7YXaw4DmRQc0JSgmsw" +
        "JxByNE0Nk/yJVYP1IXKAHd6MTAIKAEdquAqeRWESD93wWuQABZtSXHUaxhQDMgoOBAaxuQ/cOIFDcCTAzAdEl83IyCkQUAjw6BTPAEAAA=";

    public const string RiscV64 =
        "H4sIAAAAAAACA6t39XFjYmRkgAEWhs8MCB4DwwEo7YAkxsFgwcAMFGFCUUkeAJnAjEX8y6cGMM1NQD8LlM7A4ZQeRlQa2V6wPUxQhgAa/QGNRt" +
        "f3CS7UgEqjcaGAFYgrGCH6nf2DXIkNGyoDoo3kwqZeAM1TcJAAFtcQYBgSAACFpmVB9AIAAA==";

    public const string RiscV32 =
        "H4sIAAAAAAACA6t39XFjZGRkgAEWhs8MMF4LEJtA2RwMCgzMDBoMTAwItYQASCUzEv/IxwYGbizqWID4CRL/ARQjm3MERAhA8QcoRpb/CGY2QD" +
        "CUggJWID4DVefsH+RKyM0kAkac4hD3IhzCkNCgIcBAdQAAUcn/tcQBAAA=";

    public const string PowerPC =
        "H4sIAAAAAAACA6t39XFjZGJkgAMWBhEgCRNoAWITMIuDQYGBmUGDgYkBSTF+AFLIjMR3YHdg5MaulAWInyC4bDEQjGwUuwOyuWiOYGQEyv8/wM" +
        "AAwgwOUIwArEAlHiB1zv5BrgwDDwzAPhYQaFBgUDImywQBAdKUw+xFAwqU+wUUtiDfMA2SsB0sABguTAqglDoaLqOAhLwEKqZG8xJKmDD0gIr4" +
        "wRgmAIb8G59ABwAA";

    public static ElfReader Open(string packed)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        return ElfReader.Open(new ElfMemoryInput(unpacked.ToArray()));
    }
}

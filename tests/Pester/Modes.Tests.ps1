# Dumps of every architecture at the prompt, and the parameters that say where their tables are.

BeforeDiscovery {
    $guests = 'bare-x64', 'bare-pae', 'bare-ia32', 'bare-sv32', 'bare-sv39', 'bare-sv48', 'bare-a64-4k', 'bare-a64-16k', 'bare-a64-64k',
        'bare-arm-short', 'bare-arm-lpae', 'bare-ppc32', 'bare-mips32', 'bare-mips32el' | ForEach-Object { @{ Guest = $_ } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $data = "$repository/tests/data"
    $command = "$commands.GetPageTableMappingCommand"
}

Describe 'Get-PageTableMapping of <Guest>' -ForEach $guests {
    It 'maps what the guest was designed to map' {
        $mappings = Get-PageTableMapping "$data/$Guest/machine.yaml" -WarningAction SilentlyContinue
        $lines = Get-Content "$data/$Guest/truth.txt" | Where-Object { $_ -match '^\w+ \w+ \w+ \S+ ok ' }
        $lines.Count | Should -BeGreaterThan 20
        foreach ($line in $lines) {
            $words = $line -split ' '
            $address, $size, $physical = $words[0..2] | ForEach-Object { [Convert]::ToUInt64($_, 16) }
            $found = $mappings | Where-Object { $_.VirtualAddress -le $address -and $address - $_.VirtualAddress -lt $_.Size }
            $found | Should -HaveCount 1 -Because $line
            $found.PhysicalAddress + ($address - $found.VirtualAddress) | Should -Be $physical -Because $line
            $found.PageSize | Should -Be $size -Because $line
            if ($words[3] -match '^u:(?<user>...),k:(?<kernel>...)$') {
                $found.UserRights, $found.SupervisorRights | Should -Be $Matches.user, $Matches.kernel -Because $line
            }
            else {
                # u or s stands for whose page it is; on RISC-V a supervisor may not use the user's.
                $rights = $words[3].Substring(1)
                $isUsers = $words[3][0] -eq 'u'
                $found.UserRights | Should -Be ($isUsers ? $rights : '---') -Because $line
                $found.SupervisorRights | Should -Be ($isUsers -and $Guest -like '*-sv*' ? '---' : $rights) -Because $line
            }
        }
    }

    It 'leads to a core of the right kind' {
        $core = "$TestDrive/$Guest.core"
        Export-ElfCore $core -Dump "$data/$Guest/machine.yaml" -WarningAction SilentlyContinue
        $mode = Get-PageTableMapping "$data/$Guest/machine.yaml" -MaximumCount 1 -WarningAction SilentlyContinue | Get-PagingMode
        $header = Get-ElfHeader $core
        $header.Warnings | Should -BeNullOrEmpty
        $header.Type | Should -Be 'Core'
        $header.Data | Should -Be ($Guest -in 'bare-ppc32', 'bare-mips32' ? 'BigEndian' : 'LittleEndian')
        $header.MachineName | Should -Be (@{ X86 = @{ 32 = 'EM_386'; 64 = 'EM_X86_64' }[$mode.WordSize]; RiscV = 'EM_RISCV'; AArch64 = 'EM_AARCH64'
                Arm = 'EM_ARM'; PowerPC = 'EM_PPC'; Mips = 'EM_MIPS' }["$($mode.Architecture)"])
    }
}

Describe 'Registers as parameters' {
    BeforeAll {
        $described = Get-PageTableMapping "$data/bare-a64-16k/machine.yaml" -WarningAction SilentlyContinue
        $arm64 = "$data/bare-a64-16k/phys.elf.gz"
        $riscv = "$data/bare-sv39/phys.elf.gz"
        filter Get-Text { "$($_.VirtualAddress) $($_.Size) $($_.PhysicalAddress) $($_.UserRights) $($_.SupervisorRights)" }
    }

    It 'takes a whole satp as the root, and its mode' {
        $mapping = Get-PageTableMapping $riscv -Root 0x8123400000080010 -MaximumCount 1 -WarningAction SilentlyContinue
        $mapping.Mode, $mapping.Root | Should -Be 'sv39', 0x80010000ul
    }

    It 'takes the table''s address with a mode' {
        Get-PageTableMapping $riscv -Root 0x80010000 -Mode sv39 -WarningAction SilentlyContinue | Get-Text |
            Should -Be (Get-PageTableMapping $riscv -Root 0x8123400000080010 -WarningAction SilentlyContinue | Get-Text)
    }

    It 'takes both roots and what divides them' {
        $mappings = Get-PageTableMapping $arm64 -Root 0x42000040220001 -Root1 0x402240c1 -Tcr 0x157510b511 -Register @{ SCTLR_EL1 = 0xc50839 } -WarningAction SilentlyContinue
        $mappings | Where-Object Kind -EQ Ram | Get-Text | Should -Be ($described | Where-Object Kind -EQ Ram | Get-Text)
        $mappings[0].Space.Root1 | Should -Be 0x402240c0
    }

    It 'leaves out the half without a root' {
        $upper = Get-PageTableMapping $arm64 -Root1 0x402240c1 -Tcr 0x157510b511 -WarningAction SilentlyContinue
        $upper | Where-Object Kind -EQ Ram | Get-Text | Should -Be ($described | Where-Object VirtualAddress -GE 0xffff000000000000ul | Where-Object Kind -EQ Ram | Get-Text)
    }

    It 'lets a supervisor use user pages with <Name>' -ForEach @(
        @{ Name = '-Sum'; Given = @{ Sum = $true } }
        @{ Name = 'sstatus'; Given = @{ Register = @{ sstatus = 0x40000 } } }) {
        $get = @{ Root = 0x8123400000080010ul; MinimumAddress = 0x1011000ul; MaximumAddress = 0x1011000ul; WarningAction = 'SilentlyContinue' }
        (Get-PageTableMapping $riscv @get).SupervisorRights | Should -Be '---'
        (Get-PageTableMapping $riscv @get @Given).SupervisorRights | Should -Be 'rw-'
    }

    It 'makes what can be executed readable with -Mxr' {
        $get = @{ Root = 0x8123400000080010ul; MinimumAddress = 0x1013000ul; MaximumAddress = 0x1013000ul; WarningAction = 'SilentlyContinue' }
        (Get-PageTableMapping $riscv @get).UserRights | Should -Be '--x'
        (Get-PageTableMapping $riscv @get -Mxr).UserRights | Should -Be 'r-x'
    }

    It 'reads big-endian tables of a raw image' {
        $path = New-RawDump "$TestDrive/big.bin" 64kb @{ 0x1000 = 0x0320000000000000ul; 0x2000 = 0x0330000000000000ul; 0x3000 = 0x0340000000000000ul; 0x4000 = 0x4387000000000000ul }
        $mapping = Get-PageTableMapping $path -Root 0x1000 -Mode aarch64-4k -ByteOrder Big
        $mapping.VirtualAddress, $mapping.PhysicalAddress | Should -Be 0, 0x8000
        Get-PageTableMapping $path -Root 0x1000 -Mode aarch64-4k -WarningAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'says <Id> of <Given>' -ForEach @(
        @{ Id = 'ModeRequired'; Given = @{ Root = 0x80010000ul } }
        @{ Id = 'ParameterNotForMode'; Given = @{ Root = 0x80010000ul; Mode = 'sv39'; Root1 = 1ul } }
        @{ Id = 'ParameterNotForMode'; Given = @{ Root = 0x80010000ul; Mode = 'sv39'; Tcr = 1ul } }
        @{ Id = 'ModeAmbiguous'; Given = @{ Root = 0x80010000ul; Mode = 'aarch64' } }
        @{ Id = 'ModeConflict'; Given = @{ Root = 0x80010000ul; Mode = 'aarch64-4k'; Tcr = 0x8000ul } }
        @{ Id = 'NestedRootRequired'; Given = @{ Root = 0x80010000ul; Mode = 'sv39'; NestedMode = 'sv39x4' } }
        @{ Id = 'NestedModeInvalid'; Given = @{ Root = 0x80010000ul; Mode = 'sv39'; NestedRoot = 0x80010000ul; NestedMode = 'sv39' } }) {
        (Get-ErrorOf { Get-PageTableMapping $riscv @Given -WarningAction SilentlyContinue }).FullyQualifiedErrorId | Should -Be "$Id,$command"
    }

    It 'refuses a register that is no number before anything is opened' {
        (Get-ErrorOf { Get-PageTableMapping missing.bin -Register @{ dacr = 'many' } }).FullyQualifiedErrorId |
            Should -Be "ParameterArgumentTransformationError,$command"
    }
}

Describe 'A guest in the machine that was dumped' {
    BeforeAll {
        # The guest's memory begins at 2 MiB of the host's; EPT shows it as physical 0, in one page of 2 MiB.
        $guest = New-SmallDump "$TestDrive/guest.bin"
        $host2 = "$TestDrive/host.bin"
        $bytes = [byte[]]::new(4mb)
        [IO.File]::ReadAllBytes($guest).CopyTo($bytes, 2mb)
        [BitConverter]::GetBytes(0x2007ul).CopyTo($bytes, 0x1000)
        [BitConverter]::GetBytes(0x3007ul).CopyTo($bytes, 0x2000)
        [BitConverter]::GetBytes(0x2000b5ul).CopyTo($bytes, 0x3000)
        [IO.File]::WriteAllBytes($host2, $bytes)
        $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
    }

    It 'is walked through both stages' {
        $alone = Get-PageTableMapping $guest @get
        $nested = Get-PageTableMapping $host2 @get -NestedRoot 0x101e
        $nested.VirtualAddress | Should -Be $alone.VirtualAddress
        $nested.PhysicalAddress | Should -Be ($alone.PhysicalAddress | ForEach-Object { $_ + 2mb })

        # EPT forbids writing here.
        $nested.UserRights | Should -Be ($alone.UserRights -replace 'w', '-')
        $nested[0].Space.NestedMode.Name | Should -Be 'ept'
        $nested[0].Space.NestedRoot | Should -Be 0x1000
    }

    It 'isn''t there where the hypervisor''s tables map nothing' {
        $found = Get-ErrorOf { Get-PageTableMapping $host2 @get -NestedRoot 0x8000 -WarningAction Ignore }
        $found.FullyQualifiedErrorId | Should -Be "NestedMemoryEmpty,$command"
        "$found" | Should -BeLike "*tables at 0x8000, read as ept, map no memory * Check the nested mode (ept*"
    }

    It 'becomes the core it would be by itself' {
        Export-ElfCore "$TestDrive/alone.core" -Dump $guest @get
        Get-PageTableMapping $host2 @get -NestedRoot 0x1000 -NestedMode ept | Export-ElfCore "$TestDrive/nested.core"
        $alone = Read-ElfLoad "$TestDrive/alone.core"
        $nested = Read-ElfLoad "$TestDrive/nested.core"
        $nested.VirtualAddress | Should -Be $alone.VirtualAddress
        $data = foreach ($core in @{ Path = "$TestDrive/alone.core"; Loads = $alone }, @{ Path = "$TestDrive/nested.core"; Loads = $nested }) {
            $all = [IO.File]::ReadAllBytes($core.Path)
            ($core.Loads | ForEach-Object { [Convert]::ToHexString($all, $_.Offset, $_.Size) }) -join '|'
        }
        $data[0] | Should -Be $data[1]
    }
}

Describe 'Get-PagingMode' {
    It 'lists every mode once' {
        $names = (Get-PagingMode).Name
        $names | Should -Contain 'sv57'
        $names | Should -Contain 'mips32'
        $names.Count | Should -Be ($names | Sort-Object -Unique).Count
    }

    It 'expands wildcards and takes aliases' {
        (Get-PagingMode sv*).Name | Should -Contain 'sv39x4'
        (Get-PagingMode ia64).Name | Should -Be 'ia32e'
        (Get-PagingMode arm64).Name | Should -Be 'aarch64-4k', 'aarch64-16k', 'aarch64-64k'
        (Get-PagingMode la57, sv32).Name | Should -Be 'la57', 'sv32'
    }

    It 'chooses architectures' {
        (Get-PagingMode -Architecture Arm, Mips).Name | Should -Be 'arm-short', 'arm-lpae', 'mips32'
        Get-PagingMode sv39 -Architecture X86 | Should -BeNullOrEmpty
    }

    It 'says what a mode is' {
        $mode = Get-PagingMode aarch64-64k
        $mode.PageSizes | Should -Be 64kb, 512mb, 4tb
        $mode.RootRegister.Name, $mode.SecondRootRegister.Name, $mode.ControlRegister.Name | Should -Be 'TTBR0_EL1', 'TTBR1_EL1', 'TCR_EL1'
        $mode.Levels.Name | Should -Be 'L3', 'L2', 'L1'
        (Get-PagingMode | Where-Object IsNested).Name | Should -Contain 'ept5'
    }

    It 'goes on behind a name that isn''t one' {
        $failures = Get-ErrorOf { Get-PagingMode nosuch, ia32 }
        $failures.FullyQualifiedErrorId | Should -Be "ModeUnknown,$commands.GetPagingModeCommand"
        (Get-PagingMode nosuch, ia32 -ErrorAction SilentlyContinue).Name | Should -Be 'ia32'
    }

    It 'shows a table, and everything in a list' {
        $table = Get-PagingMode sv39, ppc32 | Out-String -Width 120
        $table | Should -Match 'sv39 +39 +56 +3 4K 64K 2M 1G'
        Get-PagingMode sv39 | Format-List | Out-String -Width 120 | Should -Match 'RootRegister +: satp'
    }

    It 'feeds -Mode and -NestedMode with names' {
        function Get-Completion([string]$Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        Get-Completion 'Get-PageTableMapping x -Mode ' | Should -Be (Get-PagingMode).Name
        Get-Completion 'Export-ElfCore x -Dump y -NestedMode ' | Should -Be (Get-PagingMode | Where-Object IsNested).Name
        Get-Completion 'Get-PagingMode aarch64-s' | Should -Be (Get-PagingMode aarch64-s*).Name
    }
}

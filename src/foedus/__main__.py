"""`python -m foedus`: the same door as the command `foedus`, for where scripts are not on the path."""

from foedus.cli import main

if __name__ == "__main__":
    main()

"""Pictures: data sets, transforms and operations, named as torchvision does."""
